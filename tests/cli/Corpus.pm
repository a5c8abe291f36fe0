package Corpus;

# The rows of all real papers that are here (corpus/ of the shared directory): 22,654 of arXiv, 4,427 of Semantic Scholar, made
# by `fineset merge`; and a few of the worst rows there can be.
use strict;
use warnings;
use utf8;
use Exporter qw(import);
use Fineset;
use Test::More;

our @EXPORT = qw(corpus_rows missing_modules);

# Names of Perl modules that are not here.
sub missing_modules { return join ' ', grep { !eval "require $_; 1" } @_ }

# The corpus as source records, one file for each source; nothing if it or xz is not here.
sub records {
	my ($json) = @_;
	my ($arxiv, $s2) = map { shared("corpus/$_") } qw(arxiv-22k.jsonl.xz semantic-scholar-4k.jsonl.xz);
	my ($xz) = grep { -x } map { "$_/xz" } split /:/, $ENV{PATH} // '';
	return () unless $arxiv && $s2 && $xz;
	my @files = map { "$dir/records.$_" } qw(arxiv s2);
	open my $in, '-|', $xz, '-dc', $arxiv or die "xz: $!";
	open my $out, '>:raw', $files[0] or die "$files[0]: $!";
	while (my $line = <$in>) {
		$line =~ s/, "source": \[[^\]]*\]\}$/, "source": "arxiv", "fetched": "2026-01-01T00:00:00Z"}/ or die "no paper: $line";
		print $out $line;
	}
	close $out or die "$files[0]: $!";
	open $in, '-|', $xz, '-dc', $s2 or die "xz: $!";
	open $out, '>:raw', $files[1] or die "$files[1]: $!";
	while (my $line = <$in>) {
		my $paper = $json->decode($line);
		my $ids = $paper->{externalIds} // {};
		print $out $json->encode({
			source => 'semantic_scholar', fetched => '2026-01-01T00:00:00Z', paper_id => $paper->{paperId}, corpus_id => $paper->{corpusId},
			arxiv_id => $ids->{ArXiv}, doi => $ids->{DOI}, dblp => $ids->{DBLP}, title => $paper->{title}, abstract => $paper->{abstract},
			authors => [map { $_->{name} } @{ $paper->{authors} // [] }], fields_of_study => $paper->{fieldsOfStudy} // [],
			publication_date => $paper->{publicationDate}, year => $paper->{year}, venue => $paper->{venue} || undef,
			citation_count => $paper->{citationCount} // 0, influential_citation_count => $paper->{influentialCitationCount} // 0,
			pdf_url => undef, url => $paper->{url},
		}), "\n";
	}
	close $out or die "$files[1]: $!";
	return @files;
}

# corpus_rows(PATH, json): write the rows to a file, the worst ones last; how many of these, and whether the real ones are there.
sub corpus_rows {
	my ($path, $json) = @_;
	my @files = records($json);
	spew($path);
	if (@files) {
		my $merge = finish(start(['merge', @files, '--as-of', '2026-12-31'], out => $path));
		die $merge->{err} if $merge->{code};
		unlink @files;
	} else {
		note('the corpus is not here (corpus/ of the shared directory), or no xz: hostile rows alone');
	}
	return (hostile_rows($path, $json), @files > 0);
}

# Texts that would like to be something else.
my @hostile = ("\x{ff1d}1", '', ' ', "\x{2028}\x{202e}\x{feff}", "\x{1f600} \x{4e2d}\x{6587} e\x{301}", split /\n/, <<'END');
=cmd|' /C calc'!A0
+1+1
-2+3
@SUM(1)
 =1
'=1
"quoted"
a, "b"; c
"
""
''
{
}
\
\\
$
$$
$x
a}, title = {b
@article{x, title = "
%comment
100% # & _ ~ ^
{{{{}}}}
}{
\input{/etc/passwd}
$^^5cinput x$
\end{document}
\'Etude of BERT
$\{$
x\
END

# hostile_rows(PATH, json): append a row for each, in every field that holds text.
sub hostile_rows {
	my ($path, $json) = @_;
	open my $out, '>>:raw', $path or die "$path: $!";
	for my $i (0 .. $#hostile) {
		my $text = $hostile[$i];
		my %row = (
			id => sprintf('%064x', $i + 1), sources => ['arxiv'], title => $text, abstract => $text, authors => [$text, "$text and $text", "A, $text", 'Plain Name'],
			categories => [$text], fields_of_study => [$text, $text], published_date => '2026-06-01T00:00:00', url => $text || undef, pdf_url => $text || undef,
			arxiv_id => sprintf('9901.%05d', $i), doi => undef, citation_count => $i, influential_citation_count => 0, code_url => undef, venue => $text || undef,
		);
		print $out '{', join(', ', map {
			"\"$_\": " . ($_ eq 'has_code' ? 'false' : $_ eq 'quality_score' ? '0.35' : $json->allow_nonref->encode($row{$_}))
		} @row_keys), "}\n";
	}
	close $out or die "$path: $!";
	return scalar @hostile;
}
1;
