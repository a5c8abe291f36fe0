#!/usr/bin/perl
# `fineset parse` on real recorded answers and on what is none.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use Test::More;

my %keys = (arxiv => join(' ', @record_keys_arxiv), 'semantic-scholar' => join(' ', @record_keys_s2));
my %source = (arxiv => 'arxiv', 'semantic-scholar' => 'semantic_scholar');

# The lines that are not what a record line must be, as text; '' if all are well.
sub faults {
	my ($kind, $out) = @_;
	my @bad;
	for my $line ($out =~ /([^\n]*\n?)/g) {
		next if $line eq '';
		my $record = eval { json($line) };
		my @order = $line =~ /(?:^\{|,)"([a-z_0-9]+)":(?=["\[\-0-9nf])/g;
		push @bad, !is_valid_utf8($line) ? 'no UTF-8'
		    : !$record ? "no JSON: $line"
		    : $line !~ /\n\z/ ? "cut: $line"
		    : join(' ', sort keys %$record) ne join(' ', sort split / /, $keys{$kind}) ? "keys: $line"
		    : substr("@order", 0, length $keys{$kind}) ne $keys{$kind} ? "order: @order"
		    : $record->{source} ne $source{$kind} ? "source: $line"
		    : $record->{fetched} ne '2026-06-19T00:00:00Z' ? "fetched: $line"
		    : ();
	}
	return join '', @bad[0 .. ($#bad < 2 ? $#bad : 2)];
}

# One good answer: how many records it must give, and how many items are unknown to the source.
sub good {
	my ($kind, $path, $items, $name) = @_;
	my $run = run('parse', $kind, $path, '--as-of', '2026-06-19');
	my $lines = () = $run->{out} =~ /\n/g;
	my ($records, $of, $refused, $unknown) = $run->{err} =~ /: (\d+) records of (\d+) items, (\d+) refused, (\d+) unknown to the source$/m;
	is($run->{code}, 0, "$name: exit 0");
	is($lines + ($unknown // 0), $items, "$name: $items items are records, or unknown to the source");
	is_deeply([$records, $of, $refused], [$lines, $items, 0], "$name: stderr counts them");
	is(faults($kind, $run->{out}), '', "$name: every line is a source record");
	return $run;
}

# One answer that is an error or none at all.
sub bad {
	my ($kind, $path, $pattern, $name) = @_;
	my $run = run('parse', $kind, $path, '--as-of', '2026-06-19');
	is($run->{code}, 65, "$name: exit 65");
	is($run->{out}, '', "$name: stdout is empty");
	one_line($run, $pattern, $name);
}

# --- the recordings
my ($arxiv, $s2) = map { shared("recordings/$_/MANIFEST.tsv") } qw(arxiv semantic_scholar);
SKIP: {
	skip 'the recordings are not here (recordings/arxiv of the shared directory)', 1 unless $arxiv;
	my ($head, @table) = map { chomp; [split /\t/, $_, -1] } lines($arxiv);
	my %column = map { $head->[$_] => $_ } 0 .. $#$head;
	my ($dir) = $arxiv =~ m{^(.*)/};
	my ($papers, $errors, $others) = (0, 0, 0);
	# What the manifest counts as an entry and is an error; what is no answer of the API.
	my %error = (
		'atom__arxivpy__id_abc_s0_m100_b79c8dcf6bc3__eb5ed1e.xml' => qr{the API's answer is an error: incorrect id format for abc},
		'atom__legacy_error_start_must_be_integer.xml' => qr{the API's answer is an error: start must be an integer},
	);
	my %none = (
		'atom__yanhua.ai__rsi_arxiv_raw.xml__56f3c5b.xml' => qr{no answer of this API: },
		# The manifest counts the one entry that their source cut in the middle.
		map { ("atom__kbibtex__embedded_$_.xml" => qr{no answer of this API: cut off after entry 0}) } 0, 1
	);
	for my $row (@table) {
		my ($name, $entries, $kind) = @$row[@column{qw(file entries kind)}];
		if ($kind eq 'error-body') {
			bad('arxiv', "$dir/$name", qr{no answer of this API: }, $name);
			$others++;
		} elsif ($error{$name} || $none{$name}) {
			bad('arxiv', "$dir/$name", $error{$name} // $none{$name}, $name);
			$error{$name} ? $errors++ : $others++;
		} else {
			my $run = good('arxiv', "$dir/$name", $entries, $name);
			my $total = $row->[ $column{totalResults} ];
			like($run->{err}, qr{: $total papers match the whole query$}m, "$name: totalResults is $total");
			$papers += $entries;
		}
	}
	cmp_ok($papers, '>', 600, "arXiv: $papers entries in " . @table . ' recordings');
	is("$errors $others", '2 6', 'arXiv: two error feeds, six that are no answer');
}
SKIP: {
	skip 'the recordings are not here (recordings/semantic_scholar of the shared directory)', 1 unless $s2;
	my ($head, @table) = map { chomp; [split /\t/, $_, -1] } lines($s2);
	my %column = map { $head->[$_] => $_ } 0 .. $#$head;
	my ($dir) = $s2 =~ m{^(.*)/};
	my ($papers, $errors, $unknown) = (0, 0, 0);
	for my $row (@table) {
		my ($name, $records, $kind) = @$row[@column{qw(file records kind)}];
		if ($kind =~ / status=(4\d\d|5\d\d)/) {
			my ($message) = slurp("$dir/$name") =~ /"(?:error|message)": ?"([^"]{1,40})/;
			bad('semantic-scholar', "$dir/$name", qr{the API's answer is an error: .*\Q@{[substr $message // '', 0, 20]}\E}, $name);
			$errors++;
		} else {
			my $run = good('semantic-scholar', "$dir/$name", $records, $name);
			my ($total) = $kind =~ / total=(\d+)/;
			like($run->{err}, qr{: $total papers match the whole query$}m, "$name: total is $total") if defined $total;
			$unknown += ($run->{err} =~ /(\d+) unknown to the source/)[0] // 0;
			$papers += $records;
		}
	}
	cmp_ok($papers, '>', 20000, "Semantic Scholar: $papers papers in " . @table . ' recordings');
	cmp_ok($errors, '>=', 6, "Semantic Scholar: $errors error answers");
	cmp_ok($unknown, '>', 0, "Semantic Scholar: $unknown ids were unknown to it");
}

# --- answers of our own: what needs no recording
my $server = server();
my $http = do { require HTTP::Tiny; HTTP::Tiny->new(timeout => 20, agent => 'parse.t', default_headers => { Accept => '*/*' }) };
my %answer = (
	feed => $http->get("$server->{base}/api/query?search_query=abs:%22speculative+decoding%22&max_results=50")->{content},
	bulk => $http->get("$server->{base}/graph/v1/paper/search/bulk?query=%22speculative+decoding%22&fields=title,externalIds,year")->{content},
);
stop($server);
spew("$dir/$_", $answer{$_}) for keys %answer;
my $feed = good('arxiv', "$dir/feed", 50, 'a feed');
good('semantic-scholar', "$dir/bulk", 87, 'a bulk page');
my $piped = run('parse', 'arxiv', '-', '--as-of', '2026-06-19', { stdin => "$dir/feed" });
is($piped->{code}, 0, '- reads stdin');
is($piped->{out}, $feed->{out}, '... and gives the same records');
my $quiet = run('parse', 'arxiv', "$dir/feed", '-q', '--as-of', '2026-06-19');
is_deeply([@$quiet{qw(code err)}], [0, ''], '-q: nothing on stderr');
is($quiet->{out}, $feed->{out}, '... and all on stdout');
like(run('parse', 'arxiv', "$dir/feed")->{out}, qr/^\{"source":"arxiv","fetched":"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ",/, 'without --as-of the clock says when');

{
	spew("$dir/fields", '{"total": 2, "data": [{"paperId": "', 'a' x 40, '", "title": "x", "fieldsOfStudy": ["Physics"], "s2FieldsOfStudy": [{"category": "Biology"}]}, '
	    . '{"paperId": "', 'b' x 40, '", "title": "y", "s2FieldsOfStudy": [{"category": "Biology"}, {"category": "Art"}, {"category": "Biology"}]}]}');
	my @records = map { json($_) } split /\n/, good('semantic-scholar', "$dir/fields", 2, 'fields of study')->{out};
	is_deeply([map { $_->{fields_of_study} } @records], [['Physics'], ['Biology', 'Art']], 'fields of study: fieldsOfStudy, else the distinct s2FieldsOfStudy');
}

# --- what is no answer
spew("$dir/empty", '');
spew("$dir/cut", substr $answer{feed}, 0, length($answer{feed}) / 2);
spew("$dir/cut.json", substr $answer{bulk}, 0, length($answer{bulk}) / 2);
spew("$dir/html", "<html><head><title>502</title></head><body>Bad gateway</body></html>\n");
spew("$dir/rate", 'Rate exceeded.');
spew("$dir/forbidden", '{"message": "Forbidden"}');
spew("$dir/doctype", $answer{feed} =~ s/(<\?xml[^>]*\?>)/$1\n<!DOCTYPE feed [<!ENTITY x "y">]>/r);
spew("$dir/deep", '[' x 70, ']' x 70);
my $none = qr{no answer of this API: };
for my $case (
	# kind, file, what is said
	['arxiv', 'empty', $none],
	['semantic-scholar', 'empty', $none],
	['arxiv', 'cut', $none],
	['semantic-scholar', 'cut.json', $none],
	['arxiv', 'html', $none],
	['semantic-scholar', 'html', $none],
	['arxiv', 'rate', $none],
	['arxiv', 'bulk', $none],
	['semantic-scholar', 'feed', $none],
	['arxiv', 'doctype', qr{no answer of this API: .*DOCTYPE}],
	['semantic-scholar', 'deep', $none],
	['semantic-scholar', 'forbidden', qr{the API's answer is an error: Forbidden}],
) {
	my ($kind, $name, $pattern) = @$case;
	bad($kind, "$dir/$name", $pattern, "$name as $kind");
}
{
	my $run = run('parse', 'arxiv', '-', { stdin => '/dev/null' });
	is($run->{code}, 65, 'an empty stdin: exit 65');
	is($run->{out}, '', '... no record');
}
for my $case (
	# arguments, exit code, what is said
	[["arxiv", "$dir/absent"], 66, qr{\Q$dir\E/absent: .*No such file}],
	[["arxiv", $dir], 66, qr{\Q$dir\E: (?:not a regular file|.*[Dd]irectory)}],
	[["arxiv", "$dir/feed/below"], 66, qr{feed/below}],
	[["bibtex", "$dir/feed"], 64, qr{'bibtex'}],
	[["arxiv"], 64, qr{arxiv}],
	[[], 64, qr{got nothing}],
	[["arxiv", "$dir/feed", "$dir/feed"], 64, qr{parse: }],
	[["arxiv", "$dir/feed", "--frobnicate"], 64, qr{--frobnicate}],
	[["arxiv", "$dir/feed", "--topic", "x"], 64, qr{--topic}],
	[["arxiv", "$dir/feed", "--as-of", "2026-02-30"], 64, qr{--as-of: .*2026-02-30}],
	[["arxiv", "$dir/feed", "--as-of"], 64, qr{--as-of}],
) {
	my ($args, $code, $pattern) = @$case;
	my $run = run('parse', @$args);
	my $name = join ' ', 'parse', map { s{^\Q$dir\E/?}{DIR/}r } @$args;
	is($run->{code}, $code, "$name: exit $code");
	is($run->{out}, '', "$name: stdout is empty");
	one_line($run, $pattern, $name);
}
{
	my $run = run('parse', '--help');
	is_deeply([@$run{qw(code err)}], [0, ''], 'parse --help');
	like($run->{out}, qr{\A  fineset parse arxiv answer\.xml}, '... shows an example first');
}
SKIP: {
	skip 'no /dev/full here', 2 unless -c '/dev/full';
	my $run = run('parse', 'arxiv', "$dir/feed", '-q', { out => '/dev/full' });
	is($run->{code}, 74, 'a full disk behind stdout: exit 74');
	one_line($run, qr{stdout: cannot write: }, 'a full disk behind stdout');
}
done_testing;
