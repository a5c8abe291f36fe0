#!/usr/bin/perl
# Real text through the whole pipeline: 22,654 arXiv papers, none lost and none damaged; and has_code on the real
# abstracts and comments of the published rows.
use strict;
use warnings;
use utf8;
use Encode ();
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use Parquet;
use Test::More;

# Stands at the end of every abstract, so that one topic finds them all.
my $phrase = 'quixotic zeppelin';
my $string = qr/"[^"\\]*+(?:\\.[^"\\]*+)*+"/;
my $text = qr/(?:$string|null)/;
my $list = qr/\[(?:$string(?:, $string)*+)?\]/;
my %escape = (b => "\b", f => "\f", n => "\n", r => "\r", t => "\t");

# The characters of a JSON string; JSON::PP would take a minute for this file.
sub characters {
	my ($quoted) = @_;
	return undef if $quoted eq 'null';
	my $s = Encode::decode('UTF-8', substr($quoted, 1, -1), Encode::FB_CROAK);
	if (index($s, '\\') >= 0) {
		$s =~ s/\\u(d[89ab]..)\\u(d[c-f]..)/chr(0x10000 + ((hex($1) - 0xd800) << 10) + hex($2) - 0xdc00)/gie;
		$s =~ s/\\(?:u(....)|(.))/defined $1 ? chr hex $1 : $escape{$2} \/\/ $2/ge;
	}
	return $s;
}

# As DESIGN folds text: white space to single spaces, trimmed, no control characters.
sub folded {
	my ($s) = @_;
	return undef unless defined $s;
	$s =~ s/[\s\x{1c}-\x{1f}\x{85}\p{White_Space}]+/ /g;
	$s =~ s/[\x00-\x1f\x7f-\x9f]//g;
	$s =~ s/^ | $//g;
	return $s;
}

sub names { my ($json) = @_; return join "\n", map { folded(characters($_)) } $json =~ /$string/g }

# ACM and MSC terms stand among arXiv's categories in real feeds; they are none.
sub arxiv_categories { my ($json) = @_; return '[' . join(', ', grep { /^"[a-z-]+(?:\.[A-Za-z-]+)?"$/ } $json =~ /$string/g) . ']' }

sub topic { my ($target, $base) = @_; return run('build', $target, '--topic', $phrase, '--as-of', '2026-12-31', '--no-progress', Fineset::options_to($base)) }

my $corpus = shared('corpus/arxiv-22k.jsonl.xz');
my ($xz) = grep { -x } map { "$_/xz" } split /:/, $ENV{PATH} // '';
SKIP: {
	skip 'the corpus is not here (corpus/arxiv-22k.jsonl.xz of the shared directory)', 1 unless $corpus;
	skip 'there is no xz here', 1 unless $xz;

	# --- the world: what the corpus says, in the words of the stand-in
	my (%want, $bad);
	my $path = "$dir/corpus.jsonl";
	open my $in, '-|', $xz, '-dc', $corpus or die "xz: $!";
	binmode $in;
	open my $out, '>:raw', $path or die "$path: $!";
	while (my $line = <$in>) {
		my ($id, $version, $title, $abstract, $authors, $categories, $published, $updated, $comment, $journal, $doi) = $line =~
		    /^\{"arxiv_id": ($string), "version": (\d+|null), "title": ($text), "abstract": ($string), "authors": ($list), "categories": ($list), "primary_category": $text, "published": ($text), "updated": ($text), "comment": ($text), "journal_ref": ($text), "doi": ($text), /
		    or $bad++, next;
		# A third of the papers came without times: the month stands in the id.
		$published = $updated = sprintf '"%s-%s-01T00:00:00Z"', $1 > 90 ? "19$1" : "20$1", $2
		    if $published eq 'null' && $id =~ m{^"(?:[a-z.-]+/)?(\d\d)(\d\d)}i;
		my $versions = $version eq 'null' ? ($published eq $updated ? 1 : 2) : $version;
		$abstract =~ s/"\z/ $phrase"/;
		$want{ characters($id) } = [$title, $abstract, $authors, $categories, substr($published, 1, 10), $versions];
		print $out qq({"arxiv": {"id": $id, "title": $title, "abstract": $abstract, "authors": $authors, "categories": $categories, "versions": [),
		    join(', ', $published, ($updated) x ($versions - 1)), qq(], "comment": $comment, "journal_ref": $journal, "doi": $doi}}\n);
	}
	close $in or die "xz: failed\n";
	close $out or die "$path: $!";
	is($bad // 0, 0, 'every line of the corpus is understood');
	is(scalar(keys %want), 22654, 'the corpus holds 22,654 papers');

	my $server = server('--world', $path);
	my $built = topic("$dir/large", $server->{base});
	is($built->{code}, 0, '22,654 papers: exit 0');
	is($built->{out}, '', '... stdout is empty');
	unlike($built->{err}, qr{refused|dropped|never came}, '... nothing was refused, dropped or missing');
	like($built->{err}, qr{22654 source records into 22652 papers}, '... the summary counts them');
	my $manifest = json(slurp("$dir/large/latest/manifest.json"));
	is_deeply([@{ $manifest->{sources}{arxiv} }{qw(status records matched_total missing)}], ['ok', 22654, 22654, 0], '... and the manifest');
	my @search = grep { $_->{kind} eq 'search' } requests($server);
	my %window = map { $_->{target} =~ /submittedDate:%5B(\d+%20TO%20\d+)%5D/ ? ($1 => 1) : () } @search;
	cmp_ok(scalar(keys %window), '>=', 3, '... in windows: ' . keys %window);
	is(scalar(grep { $_->{target} =~ /&start=(\d+)/ && $1 >= 9000 } @search), 0, '... none of which is read past 9,000');
	cmp_ok(scalar(@search), '<=', 22654 / 2000 + 8, '... in ' . @search . ' requests');
	stop($server);
	unlink $path or die "$path: $!";

	export_parquet("$dir/large", "$dir/large.parquet");
	reads("$dir/large.parquet", "$dir/large/latest/data.jsonl", '22652 rows, 1 groups', 'the corpus as Parquet');

	# --- the rows
	skip 'a sanitized program writes the same rows, which are looked at without it', 1 if $ENV{SAN};
	my @lines = lines("$dir/large/latest/data.jsonl");
	is(scalar(@lines), 22652, 'a row for each, but for two that were posted twice');
	my (%seen, @shape, @utf8, @damaged, $order, $last);
	for my $line (@lines) {
		my ($id, $title, $abstract, $authors, $categories, $day, $pdf, $arxiv_id) = $line =~
		    /^\{"id": "([0-9a-f]{64})", "sources": \["arxiv"\], "title": ($text), "abstract": ($text), "authors": ($list), "categories": ($list), "fields_of_study": \[\], "published_date": "([0-9-]{10})T00:00:00", "url": $string, "pdf_url": "([^"]*)", "arxiv_id": "([^"]*)", "doi": $text, "citation_count": 0, "influential_citation_count": 0, "has_code": (?:true|false), "code_url": $text, "venue": null, "quality_score": 0\.\d+\}\n\z/;
		push(@shape, $line), next unless defined $id;
		push @utf8, $arxiv_id unless is_valid_utf8($line);
		my $want = $want{$arxiv_id};
		push(@damaged, "$arxiv_id is not in the corpus"), next unless $want && !$seen{$arxiv_id}++;
		push @damaged, "$arxiv_id: id" if $id ne paper_id("arxiv:$arxiv_id");
		push @damaged, "$arxiv_id: title" if (characters($title) // '') ne (folded(characters($want->[0])) // '');
		push @damaged, "$arxiv_id: abstract" if (characters($abstract) // '') ne folded(characters($want->[1]));
		push @damaged, "$arxiv_id: authors" if join("\n", map { characters($_) } $authors =~ /$string/g) ne names($want->[2]);
		push @damaged, "$arxiv_id: categories" if $categories ne arxiv_categories($want->[3]);
		push @damaged, "$arxiv_id: date" if $day ne $want->[4];
		push @damaged, "$arxiv_id: pdf_url $pdf" if $pdf ne "https://arxiv.org/pdf/${arxiv_id}v$want->[5]";
		$order++ if defined $last && $day gt $last;
		$last = $day;
	}
	is(join('', @shape[0 .. ($#shape < 1 ? $#shape : 1)]), '', 'every line has the shape of a row');
	is("@utf8", '', 'every line is UTF-8');
	is(join("\n", grep { defined } @damaged[0 .. 4]), '', 'ids, titles, abstracts, authors, categories, dates and versions are the corpus\'s after folding');
	# 1006.1187 and 1208.2261 once more: one DOI and (nearly) one title, which DESIGN joins.
	is(join(' ', sort grep { !$seen{$_} } keys %want), '1008.1695 1208.2808', 'no paper is lost but the second of each twin');
	is(join(' ', sort map { $_->{joined} ? @{ $_->{arxiv_ids} } : () } @{ $manifest->{merge}{conflicts} }), '1006.1187 1008.1695 1208.2261 1208.2808', '... and the manifest lists them');
	is($order // 0, 0, 'days descend');
}

# --- has_code on real text
my ($published, $real) = map { shared($_) } 'fineset/rows.jsonl', 'corpus/arxiv-speculative-decoding.jsonl';
SKIP: {
	skip 'the published rows or their texts are not here (fineset/rows.jsonl, corpus/arxiv-speculative-decoding.jsonl)', 1 unless $published && $real;
	my %row = map { $_->{arxiv_id} => $_ } rows($published);
	my %text = map { /^\{"arxiv_id": "([^"]+)"/ && $row{$1} ? ($1 => json($_)) : () } lines($real);
	my $json = JSON::PP->new->utf8;
	my $path = "$dir/real.jsonl";
	my @papers;
	for my $paper (world_papers()) {
		my $text = $text{ $paper->{arxiv}{id} // '' } or next;
		$paper->{arxiv}{$_} = $text->{$_} for qw(comment authors);
		$paper->{arxiv}{abstract} = "$text->{abstract} $phrase";
		push @papers, $json->encode($paper) . "\n";
	}
	is(scalar(@papers), 58, 'the corpus has the text of 58 of the 65 published rows');
	spew($path, @papers);
	my $server = server('--world', $path);
	my $built = topic("$dir/real", $server->{base});
	is($built->{code}, 0, 'they are built');
	stop($server);
	my %ours = map { $_->{arxiv_id} => $_ } rows("$dir/real/latest/data.jsonl");
	is(scalar(keys %ours), 58, '58 rows');

	# Their link stands in a comment that the corpus lacks.
	my %lacks = map { $_ => 1 } qw(2606.18967 2604.25326);
	my $agree = 0;
	for my $id (sort keys %ours) {
		my ($got, $want) = ($ours{$id}, $row{$id});
		if ($lacks{$id}) {
			ok(!defined $text{$id}{comment} && $want->{has_code} && !$got->{has_code}, "$id: published with code, which its abstract does not tell");
			next;
		}
		is($got->{has_code} ? 1 : 0, $want->{has_code} ? 1 : 0, "$id: has_code");
		$agree++;
		# Broken LaTeX in the published file.
		my $url = ($want->{code_url} // '') =~ s/\}\{.*//r;
		is($got->{code_url} // '', $url, "$id: code_url") if defined $got->{code_url};
		is($got->{abstract}, folded("$text{$id}{abstract} $phrase"), "$id: the whole abstract");
	}
	cmp_ok($agree, '>=', 56, "$agree of them agree");

	# The published list ends before the last authors.
	my ($mine, $theirs) = map { $_->{'2604.26779'}{authors} } \%ours, \%row;
	cmp_ok(scalar(@$mine), '>', scalar(@$theirs), '2604.26779: the published author list is cut, ours is whole');
	is(join("\n", @$mine[0 .. $#$theirs]), join("\n", @$theirs), '2604.26779: ours begins with it');
}
done_testing;
