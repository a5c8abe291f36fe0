#!/usr/bin/perl
# The stand-in API server says what the facts say: checked without any of fineset's own code.
# Run by prove from the root of the checkout; $APISERVER names the program, build/apiserver without it.
use strict;
use warnings;
use utf8;
use File::Temp qw(tempdir);
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $program = $ENV{APISERVER} || 'build/apiserver';
our $world = 'tests/data/world/demo.jsonl';
my $dir = tempdir(CLEANUP => 1);
my $json = JSON::PP->new->utf8;
my $topic = '(ti:"speculative decoding" OR abs:"speculative decoding")';
my $atom = 'application/atom+xml';
my %running;

binmode $_, ':encoding(UTF-8)'
    for Test::More->builder->output, Test::More->builder->failure_output;

# Whatever goes wrong, no server stays behind.
$SIG{ALRM} = sub { die "this test took too long\n" };
alarm 120;
END { kill 'TERM', keys %running if %running }

# Start a server; (base URL, pid).
sub server {
	my @options = @_;
	my $file = "$dir/port" . scalar(keys %running) . '-' . int(rand(1e9));
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		open STDOUT, '>', '/dev/null';
		exec $program, '--world', $world, '--port-file', $file, '--lifetime', 900, @options
		    or POSIX::_exit(127);
	}
	$running{$pid} = 1;
	for (1 .. 1000) {
		last if -s $file;
		die "$program does not start\n" if waitpid($pid, POSIX::WNOHANG()) == $pid;
		sleep 0.01;
	}
	open my $in, '<', $file or die "no port file: $!";
	chomp(my $port = <$in>);
	return ("http://127.0.0.1:$port", $pid);
}

sub stop {
	my ($pid, $signal) = @_;
	kill $signal || 'TERM', $pid;
	waitpid $pid, 0;
	delete $running{$pid};
	return $?;
}

my $http = HTTP::Tiny->new(agent => 'apiserver.t', timeout => 40, max_redirect => 0,
    default_headers => { Accept => '*/*' });

sub encode {
	my ($text) = @_;
	utf8::encode($text) if utf8::is_utf8($text);
	$text =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge;
	return $text;
}

sub form { my @p = @_; my @out; while (@p) { my ($k, $v) = splice @p, 0, 2; push @out, "$k=" . encode($v) } return join '&', @out }
sub arxiv { my ($base, @p) = @_; return $http->get("$base/api/query?" . form(@p)) }
sub bulk { my ($base, @p) = @_; return $http->get("$base/graph/v1/paper/search/bulk?" . form(@p)) }
sub batch { my ($base, $fields, @ids) = @_;
	return $http->post("$base/graph/v1/paper/batch?fields=$fields", { content => $json->encode({ ids => \@ids }) }) }
sub ids { my ($r) = @_; my @ids = $r->{content} =~ m{<id>http://arxiv\.org/abs/([^<]+)</id>}g; return @ids }
sub total { my ($r) = @_; return $r->{content} =~ m{totalResults[^>]*>(\d+)<} ? $1 : -1 }
# How many papers a search_query finds.
sub found { my ($base, $query) = @_; my $r = arxiv($base, search_query => $query, max_results => 1); return $r->{status} == 200 ? total($r) : "$r->{status}" }
sub bulk_found { my ($base, $query, @more) = @_; return $json->decode(bulk($base, query => $query, @more)->{content})->{total} }
sub stats { my ($base) = @_; return $json->decode($http->get("$base/_stats")->{content}) }

# The world, to know what is right.
open my $in, '<', $world or die "$world: $!";
my @papers = map { $json->decode($_) } <$in>;
my @arxiv = map { $_->{arxiv} // () } @papers;
my @s2 = map { @{ $_->{s2} // [] } } @papers;
# Folded as a search engine does, but without any stemming: the demo world needs none.
sub has { my ($text, $phrase) = @_; $text = lc($text // ''); $text =~ s/[^a-z0-9]+/ /g; return " $text " =~ / \Q$phrase\E / ? 1 : 0 }
my $on_topic = grep { has($_->{title}, 'speculative decoding') || has($_->{abstract}, 'speculative decoding') } @arxiv;
my $s2_on_topic = grep { has($_->{title}, 'speculative decoding') || has($_->{abstract}, 'speculative decoding') } @s2;

my ($base, $pid) = server('--log', "$dir/log");

# --- arXiv: what a query finds
is(found($base, $topic), $on_topic, 'arXiv: the topic query finds the papers that hold the phrase');
is(found($base, 'ti:"Speculative-Decodings"'), found($base, 'ti:"speculative decoding"'), 'arXiv: case, hyphen and plural do not matter');
is(found($base, 'ti:"speculative decoded"'), found($base, 'ti:"speculative decoding"'), 'arXiv: phrases are stemmed');
is(found($base, 'ti:speculative decoding'), found($base, 'ti:speculative OR all:decoding'), 'arXiv: bare words are OR-ed, the second one with all:');
is(found($base, 'ti:(speculative survey)'), found($base, '(ti:speculative OR ti:survey)'), 'arXiv: a prefix before a parenthesis goes to each word');
cmp_ok(found($base, 'ti:("speculative decoding" survey)'), '>', found($base, 'ti:"speculative decoding" AND ti:survey'), 'arXiv: ... OR-ed, not AND-ed');
{
	my ($a, $b, $c) = ('cat:cs.CV', 'cat:cs.CL', 'cat:cs.LG');
	is(found($base, "$a AND $b OR $c"), found($base, "$a AND ($b OR $c)"), 'arXiv: a AND b OR c is a AND (b OR c)');
	isnt(found($base, "$a AND $b OR $c"), found($base, "($a AND $b) OR $c"), 'arXiv: ... and not (a AND b) OR c');
	is(found($base, "$c ANDNOT $b OR $a"), found($base, "$c ANDNOT ($b OR $a)"), 'arXiv: ANDNOT nests to the right too');
	is(found($base, "$c AND NOT $b"), found($base, "$c ANDNOT $b"), 'arXiv: AND NOT is ANDNOT');
	is(found($base, "ANDNOT $c"), @arxiv - found($base, $c), 'arXiv: ANDNOT may open a query');
	is(found($base, "$a and $c"), found($base, "$a OR all:and OR $c"), 'arXiv: lower-case and is a word');
}
is(found($base, 'cat:cs.*'), scalar(grep { grep { /^cs\./ } @{ $_->{categories} } } @arxiv), 'arXiv: category wildcard, primary or not');
is(found($base, 'au:"Ida Fable"'), 0, 'arXiv: an author of S2 only is unknown');
is(found($base, 'co:"corrected a table"'), 1, 'arXiv: comments by co:');
is(found($base, 'jr:"Imaginary Conf"'), 1, 'arXiv: journal references by jr:');
is(found($base, 'submittedDate:[202606150000 TO 202606152359]'), 1, 'arXiv: a date window');
is(found($base, 'submittedDate:[202606151515 TO 202606151516]'), 1, 'arXiv: ... includes its minutes');
is(found($base, 'submittedDate:[202512012330 TO 202512012359]'), 0, 'arXiv: ... the last one as its first second');
is(found($base, 'submittedDate:[2006 TO 2006]'), 1, 'arXiv: years are padded');
is(found($base, 'submittedDate:[2003 TO 2003]'), 1, 'arXiv: ... to their end');
is(found($base, 'submittedDate:[2006 TO 200601]'), 1, 'arXiv: months are padded');
is(found($base, 'lastUpdatedDate:[20260617 TO 20260617]'), found($base, 'submittedDate:[20260617 TO 20260617]'), 'arXiv: lastUpdatedDate filters by v1');
is(found($base, $_), '400', "arXiv: refused: $_") for 'ti:x AND', '(ti:x', 'AND ti:x', 'submittedDate:[2026* TO 2027]';

# --- arXiv: the other parameters
{
	my $r = arxiv($base, search_query => $topic, max_results => 2000);
	is(scalar(ids($r)), $on_topic, 'arXiv: one page of all');
	like($r->{content}, qr{<opensearch:itemsPerPage>2000<}, 'arXiv: itemsPerPage echoes max_results');
	like($r->{headers}{'content-type'}, qr{^\Q$atom\E}, 'arXiv: content type');
	like($r->{content}, qr{^<\?xml version='1\.0' encoding='UTF-8'\?>\n<feed xmlns:opensearch}, 'arXiv: the new dialect opens the feed');
	unlike($r->{content}, qr{rel="self"}, 'arXiv: ... without rel="self"');
	my ($entry) = $r->{content} =~ m{<entry>\s*(<id>http://arxiv\.org/abs/2601\.00202v1.*?)</entry>}s;
	is(join(' ', $entry =~ m{^\s*<([a-z_:]+)}mg), 'id title updated link link summary category category published arxiv:comment arxiv:primary_category arxiv:journal_ref author name author name arxiv:doi link', 'arXiv: ... and has its element order');
	like($r->{content}, qr{Accepted at &lt;ImaginaryConf&gt; &amp; friends}, 'arXiv: text is escaped');
	is(scalar(() = $r->{content} =~ m{<arxiv:doi>10\.5555/demo\.(?:first\.1|second\.2)</arxiv:doi>}g), 2, 'arXiv: one arxiv:doi for each DOI');
	is(scalar(ids(arxiv($base, search_query => $topic))), 10, 'arXiv: ten without max_results');
	my @paged = map { ids(arxiv($base, search_query => $topic, start => $_, max_results => 20, sortBy => 'submittedDate', sortOrder => 'ascending')) } map { 20 * $_ } 0 .. 4;
	is(join(' ', sort @paged), join(' ', sort(ids($r))), 'arXiv: pages make up the whole');
	my $sorted = arxiv($base, search_query => $topic, max_results => 2000, sortBy => 'lastUpdatedDate')->{content};
	my @updated = $sorted =~ m{</title>\s*<updated>([^<]+)}g;
	is("@updated", join(' ', reverse sort @updated), 'arXiv: lastUpdatedDate falls');
	like($sorted, qr{<updated>2026-06-17T06:00:00Z</updated>.*?<published>2025-10-05T06:00:00Z}s, 'arXiv: updated is of the version, published of v1');
}
{
	my $r = arxiv($base, id_list => 'math.GT/0309136v1,2606.20543,0000.0000,cs/0601001', max_results => 10);
	is(join(' ', sort(ids($r))), '2606.20543v1 cs/0601001v1 math/0309136v1', 'arXiv: id_list with version, old ids and an unknown one');
	is(total($r), 3, 'arXiv: ... total counts what there is');
	like($http->get("$base/api/query?id_list=cs%2F0601001")->{content}, qr{abs/cs/0601001v1}, 'arXiv: an old id with %2F');
	is(join(' ', ids(arxiv($base, id_list => $_))), $_ =~ /v/ ? $_ : $_ . 'v3', "arXiv: which version $_ is") for '2510.00505', '2510.00505v2';
	is(join(' ', ids(arxiv($base, id_list => '2510.00505v4'))), '', 'arXiv: a version that is not there');
	is(scalar(ids(arxiv($base, id_list => join ',', map { $_->{id} } @arxiv))), 10, 'arXiv: id_list is cut at max_results');
	is(join(' ', ids(arxiv($base, id_list => '2606.20543,cs/0601001', search_query => 'cat:cs.CV'))), '2606.20543v1', 'arXiv: search_query filters id_list');
	my $bad = arxiv($base, id_list => '2606.20543,1309.119');
	is($bad->{status}, 400, 'arXiv: one malformed id spoils the list');
	like($bad->{content}, qr{<id>https://arxiv\.org/api/errors#incorrect_id_format_for_1309\.119</id>.*<summary>incorrect id format for 1309\.119<}s, 'arXiv: ... and is named');
	unlike($bad->{content}, qr{<published>}, 'arXiv: an error feed has no published');
}
for (['start', 'x', 'start must be an integer'], ['start', '-1', 'start must be non-negative'], ['max_results', 'x', 'max_results must be an integer'], ['sortBy', 'date', 'sortBy must be in: '], ['max_results', '30001', 'max_results must be']) {
	my $r = arxiv($base, search_query => 'ti:x', $_->[0] => $_->[1]);
	ok($r->{status} == 400 && $r->{content} =~ m{<summary>\Q$_->[2]\E}, "arXiv: $_->[0]=$_->[1] is refused");
}
like(arxiv($base, search_query => 'ti:x AND')->{content}, qr{<id>https://arxiv\.org/api/errors</id>.*<summary>Invalid query string: 'ti:x AND'<}s, 'arXiv: what an invalid query gets');
is(arxiv($base, start => 0)->{status}, 400, 'arXiv: neither query nor ids');
is(arxiv($base, search_query => 'ti:x', max_results => 0)->{status}, 500, 'arXiv: max_results=0 breaks it');
is(arxiv($base, search_query => 'ti:x', start => 9000, max_results => 2000)->{status}, 500, 'arXiv: so does start + max_results beyond the cap');
is(arxiv($base, search_query => 'ti:x', start => 8500, max_results => 2000)->{status}, 500, 'arXiv: ... where only the sum is');
is(arxiv($base, search_query => 'ti:x', start => 8000, max_results => 2000)->{status}, 200, 'arXiv: ... but not at it');
is(HTTP::Tiny->new->get("$base/api/query?search_query=ti:x")->{status}, 406, 'arXiv: 406 without Accept');
is($http->get("$base/api/query/x?search_query=ti:x")->{status}, 404, 'arXiv: 404 elsewhere');
is(total($http->post("$base/api/query", { content => form(search_query => $topic), headers => { 'Content-Type' => 'application/x-www-form-urlencoded' } })), $on_topic, 'arXiv: POST form');
{
	my $r = $http->get("$base/api/query?" . form(search_query => $topic), { headers => { 'Accept-Encoding' => 'gzip' } });
	is($r->{headers}{'content-encoding'}, 'gzip', 'gzip when it is asked for');
	SKIP: {
		skip 'no IO::Uncompress::Gunzip', 1 unless eval { require IO::Uncompress::Gunzip };
		my $out;
		IO::Uncompress::Gunzip::gunzip(\$r->{content} => \$out, Strict => 1) or $out = '';
		like($out, qr{</feed>\n\z}, 'gzip unpacks');
	}
}

# --- Semantic Scholar
my $b = $json->decode(bulk($base, query => '"speculative decoding"', fields => 'title,externalIds,abstract,citationCount')->{content});
is($b->{total}, $s2_on_topic, 'S2 bulk: total of the phrase');
is(scalar(@{ $b->{data} }), $s2_on_topic, 'S2 bulk: all of it on one page');
ok(exists $b->{token} && !defined $b->{token}, 'S2 bulk: token is null at the end, and there');
is(join(' ', map { $_->{paperId} } @{ $b->{data} }), join(' ', sort map { $_->{paperId} } @{ $b->{data} }), 'S2 bulk: paperId order');
is(join(' ', sort keys %{ $b->{data}[0] }), 'abstract citationCount externalIds paperId title', 'S2 bulk: the fields that were asked for, and paperId');
is(join(' ', sort keys %{ $json->decode(bulk($base, query => 'survey')->{content})->{data}[0] }), 'paperId title', 'S2 bulk: title without fields');
is(bulk_found($base, '"imaginary survey" | "paper computers"'), 2, 'S2 bulk: | is OR');
is(bulk_found($base, 'imaginary survey'), bulk_found($base, 'imaginary + survey'), 'S2 bulk: blank and + are AND');
is(bulk_found($base, 'survey imaginary | pencil'), bulk_found($base, '(survey imaginary) | pencil'), 'S2 bulk: | binds loosest');
is(bulk_found($base, '"speculative decoding" -survey'), bulk_found($base, '"speculative decoding"') - bulk_found($base, '"speculative decoding" survey'), 'S2 bulk: - is NOT');
cmp_ok(bulk_found($base, 'telegr*'), '==', 1, 'S2 bulk: prefix');
is(bulk_found($base, 'Telegraph'), 0, 'S2 bulk: authors are not searched');
is(bulk_found($base, '', year => '2006'), 1, 'S2 bulk: a year filter without a query');
is(bulk_found($base, '', publicationDateOrYear => '2025-01-01:2025-01-31'), 1, 'S2 bulk: no exact date counts as 1 January');
is(bulk_found($base, '', publicationDateOrYear => ':'), scalar(@s2), 'S2 bulk: an open window is none');
is(bulk_found($base, '"speculative decoding"', fieldsOfStudy => 'Engineering,Mathematics'), scalar(grep { has("$_->{title} | " . ($_->{abstract} // ''), 'speculative decoding') && grep { $_->{category} =~ /^(Engineering|Mathematics)$/ } @{ $_->{s2FieldsOfStudy} // [] } } @s2), 'S2 bulk: fields of study are OR-ed');
{
	my $r = bulk($base, query => 'x', fields => 'title,unknown,embedding');
	is("$r->{status} $r->{content}", qq(400 {"error":"Unrecognized or unsupported fields: [unknown, embedding]"}\n), 'S2 bulk: unknown fields');
	$r = bulk($base, query => '"astral"', fields => 'title,abstract');
	like($r->{content}, qr{\\ud835\\udd4a}i, 'S2: astral characters as surrogate pairs');
	unlike($r->{content}, qr{[^\x00-\x7f]}, 'S2: nothing but ASCII');
	is($json->decode($http->get("$base/graph/v1/paper/search?" . form(query => 'speculative decoding'))->{content})->{total} > 60, 1, 'S2 relevance: plain words');
	is($http->get("$base/graph/v1/paper/search?" . form(query => 'zebra'))->{content}, '{"total": 0, "offset": 0}', 'S2 relevance: no hit, no data key');
	is($http->get("$base/graph/v1/paper/search?" . form(query => 'x', offset => 950))->{status}, 400, 'S2 relevance: at most 1,000');
}
my ($whole) = grep { ($_->{externalIds}{ArXiv} // '') eq '2510.00505' } @s2;
{
	my $r = $json->decode(batch($base, 'title', 'ARXIV:2510.00505', 'ARXIV:0000.0000', "CorpusId:$whole->{corpusId}", $whole->{paperId}, 'doi:10.48550/ARXIV.2510.00505', 'ARXIV:2510.00505v3')->{content});
	is(scalar(@$r), 6, 'S2 batch: as many as were asked');
	is(join(' ', map { defined $_ ? 1 : 0 } @$r), '1 0 1 1 1 0', 'S2 batch: null in place, every id form');
	$r = $json->decode(batch($base, 'title', 'DOI:10.48550/arXiv.2603.00101', 'ARXIV:2511.00404', 'ARXIV:2512.00303', 'DOI:10.5555/Demo.Print.5')->{content});
	is(join(' ', map { defined $_ ? 1 : 0 } @$r), '0 0 0 1', 'S2 batch: an id that the record does not carry finds nothing');
	is(batch($base, 'title', ('x') x 501)->{status}, 400, 'S2 batch: 501 ids');
	is(batch($base, 'title')->{status}, 400, 'S2 batch: no ids');
	$r = $http->get("$base/graph/v1/paper/DOI:10.1/none");
	is("$r->{status} $r->{content}", qq(404 {"error":"Paper with id DOI:10.1/none not found"}\n), 'S2 paper: unknown');
	is($http->get("$base/graph/v1/paper/arXiv:cs%2F0601001")->{status}, 200, 'S2 paper: an old arXiv id, percent-encoded');
}
{
	my $s = stats($base);
	is($s->{s2}{batch}, 4, 'statistics count by kind');
	is($s->{arxiv}{refused} + $s->{s2}{refused}, 0, 'nothing was refused without an interval');
	open my $log, '<', "$dir/log" or die;
	my @lines = map { $json->decode($_) } <$log>;
	is(scalar(@lines), $s->{arxiv}{requests} + $s->{s2}{requests}, 'one log line a request');
	is($lines[0]{headers}{'user-agent'}, 'apiserver.t', 'the log has the user agent');
}
is(stop($pid), 0, 'SIGTERM ends it well');

# --- legacy dialect, paging by token, reload, key
{
	my $copy = "$dir/world.jsonl";
	open my $out, '>', $copy or die;
	print $out $json->encode({ s2 => [{ paperId => sprintf('%040x', $_), title => "Paper $_", citationCount => $_ % 7 }] }), "\n" for 1 .. 2500;
	close $out;
	my ($base, $pid) = server('--dialect', 'legacy', '--s2-key', 'secret', '--world', $copy);
	my (@seen, $token, @sizes);
	for (1 .. 5) {
		my $r = $json->decode(bulk($base, query => 'paper', defined $token ? (token => $token) : ())->{content});
		push @seen, map { $_->{paperId} } @{ $r->{data} };
		push @sizes, scalar @{ $r->{data} };
		last unless defined($token = $r->{token});
	}
	is("@sizes", '1000 1000 500', 'S2 bulk: pages of 1,000 by token');
	is(scalar(keys %{ { map { $_ => 1 } @seen } }), 2500, 'S2 bulk: ... without repeats');
	is(bulk($base, query => 'paper', token => 'PCOX')->{status}, 400, 'S2 bulk: a wrong token');
	my $first = $json->decode(bulk($base, query => 'paper', sort => 'citationCount:desc', fields => 'citationCount')->{content});
	is($first->{data}[0]{citationCount}, 6, 'S2 bulk: sort by citations');
	my $r = $http->get("$base/graph/v1/paper/search/bulk?query=paper", { headers => { 'x-api-key' => 'wrong' } });
	is("$r->{status} $r->{content} $r->{headers}{'x-amzn-errortype'}", '403 {"message":"Forbidden"} ForbiddenException', 'S2: a wrong key');
	is($http->get("$base/graph/v1/paper/search/bulk?query=paper", { headers => { 'x-api-key' => 'secret' } })->{status}, 200, 'S2: the right key');
	open $out, '>', $copy or die;
	print $out $json->encode($_), "\n" for @papers;
	close $out;
	kill 'HUP', $pid;
	for (1 .. 500) { last if stats($base)->{papers}{arxiv} > 0; sleep 0.01 }
	$r = arxiv($base, search_query => $topic, max_results => 2000);
	is(scalar(ids($r)), $on_topic, 'SIGHUP reads the world again');
	like($r->{content}, qr{^<\?xml version="1\.0" encoding="UTF-8"\?>\n<feed xmlns="http://www\.w3\.org/2005/Atom">\n  <link href="http://arxiv\.org/api/query\?search_query%3D}, 'legacy: how the feed opens');
	like($r->{content}, qr{<updated>\d{4}-\d\d-\d\dT00:00:00-04:00</updated>}, 'legacy: updated is midnight');
	like($r->{content}, qr{<summary>  [^\n]+\n[^\n]+.*?\n</summary>}s, 'legacy: hard-wrapped summary');
	like($r->{content}, qr{href="http://arxiv\.org/abs/}, 'legacy: http links');
	my ($entry) = $r->{content} =~ m{<entry>\s*(<id>http://arxiv\.org/abs/2601\.00202v1.*?)</entry>}s;
	like(join(' ', $entry =~ m{^\s*<([a-z_:]+)}mg), qr{^id updated published title summary author name author name arxiv:doi link arxiv:comment arxiv:journal_ref link link arxiv:primary_category category}, 'legacy: element order');
	is(total(arxiv($base, search_query => 'ti:x AND')), 0, 'legacy: bad input is 200 with no entries');
	stop($pid, 'INT');
}

# --- pacing
{
	my ($base, $pid) = server('--arxiv-interval', '0.5', '--s2-interval', '0.5');
	is(arxiv($base, search_query => 'ti:x')->{status}, 200, 'pace: the first request');
	my $r = arxiv($base, search_query => 'ti:x');
	is("$r->{status} $r->{content}", '429 Rate exceeded.', 'pace: arXiv refuses one that comes too soon');
	is(bulk($base, query => 'x')->{status}, 200, 'pace: S2 has its own');
	$r = bulk($base, query => 'x');
	is($r->{status}, 429, 'pace: S2 refuses too');
	is($json->decode($r->{content})->{code}, '429', 'pace: ... with the code as text');
	sleep 0.55;
	is(arxiv($base, search_query => 'ti:x')->{status}, 200, 'pace: later is well');
	is(stats($base)->{arxiv}{refused}, 1, 'pace: refusals are counted');
	stop($pid);
}

# --- faults
# One request with the faults that apply to it, on a server of its own.
sub faulty {
	my ($faults, $ask) = @_;
	my ($base, $pid) = server(map { ('--fault', $_) } @$faults);
	my @out = $ask->($base);
	stop($pid);
	return wantarray ? @out : $out[0];
}
my $page = sub { arxiv($_[0], search_query => $topic, max_results => 50, sortBy => 'submittedDate') };
my $good = join ' ', ids(faulty([], $page));
{
	my @r = faulty(['arxiv:503:2:7'], sub { map { $page->($_[0]) } 1 .. 3 });
	is(join(' ', map { $_->{status} } @r), '200 503 200', 'fault: the second request');
	is($r[1]{headers}{'retry-after'}, 7, 'fault: Retry-After');
	@r = faulty(['s2.batch:504:1-2'], sub { (bulk($_[0], query => 'x'), map { batch($_[0], 'title', 'ARXIV:2606.20543') } 1 .. 3) });
	is(join(' ', map { $_->{status} } @r), '200 504 504 200', 'fault: counted within a kind');
	@r = faulty(['arxiv:500:p0.5', 'arxiv:lostone:p0'], sub { map { $page->($_[0]) } 1 .. 40 });
	my $failed = grep { $_->{status} == 500 } @r;
	ok($failed > 5 && $failed < 35, 'fault: by chance');
}
my $r = faulty(['arxiv:rate-text:1'], $page);
is("$r->{status} $r->{content}", '200 Rate exceeded.', 'fault: rate-text');
$r = faulty(['arxiv:rate-text-429:1'], $page);
is("$r->{status} $r->{content}", '429 Rate exceeded.', 'fault: rate-text-429');
$r = faulty(['arxiv:empty:1'], $page);
is(total($r) . ' ' . scalar(ids($r)), "$on_topic 0", 'fault: empty');
$r = faulty(['arxiv:zero:1'], $page);
is(total($r) . ' ' . scalar(ids($r)), '0 0', 'fault: zero');
$r = faulty(['arxiv:nobody:1'], $page);
is("$r->{status} " . length $r->{content}, '200 0', 'fault: nobody');
$r = faulty(['arxiv:short:1'], $page);
is(total($r) . ' ' . scalar(ids($r)), "$on_topic 25", 'fault: short');
$r = faulty(['arxiv:cut:1'], $page);
ok($r->{status} == 200 && $r->{content} !~ m{</feed>} && $r->{content} =~ m{<entry>}, 'fault: cut');
# HTTP::Tiny asks a second time where a connection breaks.
$r = faulty(['arxiv:cutclose:*'], $page);
is($r->{status}, 599, 'fault: cutclose');
$r = faulty(['arxiv:reset:*'], $page);
is($r->{status}, 599, 'fault: reset');
like(faulty(['arxiv:html:1'], $page)->{content}, qr{<html>}, 'fault: html');
like(faulty(['arxiv:badxml:1'], $page)->{content}, qr{<oops & }, 'fault: badxml');
like(faulty(['arxiv:doctype:1'], $page)->{content}, qr{<!DOCTYPE feed}, 'fault: doctype');
is(scalar(() = faulty(['arxiv:twofeeds:1'], $page)->{content} =~ m{</feed>}g), 2, 'fault: twofeeds');
{
	my ($first, $second) = faulty(['arxiv:lostone:1'], sub { ($page->($_[0]), $page->($_[0])) });
	is(scalar(ids($first)) . ' ' . total($first), "49 $on_topic", 'fault: lostone');
	is(join(' ', ids($second)), $good, 'fault: ... the next time it is there');
	my @ids = ids(faulty(['arxiv:unsorted:1'], $page));
	ok("@ids" ne $good && join(' ', sort @ids) eq join(' ', sort split / /, $good), 'fault: unsorted');
	@ids = ids(faulty(['arxiv:dup:1'], $page));
	is("@ids", "$good $ids[0]", 'fault: dup');
	my @grown = faulty(['arxiv:grow:1:3'], sub { ($page->($_[0]), $page->($_[0])) });
	is(join(' ', ids($grown[0])), $good, 'fault: grow leaves the first answer alone');
	is(total($grown[1]), $on_topic + 3, 'fault: ... and then there are more');
	is(join(' ', (ids($grown[1]))[3 .. 49]), join(' ', (split / /, $good)[0 .. 46]), 'fault: ... in front, so that pages shift');
	my ($before, $after) = faulty(['s2:grow:1:2'], sub { map { bulk_found($_[0], '"speculative decoding"') } 1, 2 });
	is($after, $before + 2, 'fault: grow on the S2 side');
}
{
	my $t = time;
	is(faulty(['arxiv:stall:1:1'], $page)->{status}, 200, 'fault: stall answers at last');
	cmp_ok(time - $t, '>=', 1, 'fault: ... not before its time');
	my $batch = sub { batch($_[0], 'title', map { "ARXIV:$_->{id}" } @arxiv[0 .. 9]) };
	is_deeply($json->decode(faulty(['s2:null:1'], $batch)->{content}), [(undef) x 10], 'fault: null');
	like(faulty(['s2:toobig:*:5'], $batch)->{content}, qr{Response would exceed maximum size\.\.\.\.}, 'fault: toobig');
	is(faulty(['s2:toobig:*:10'], $batch)->{status}, 200, 'fault: ... only above its size');
	ok(!eval { $json->decode(faulty(['s2:badjson:1'], $batch)->{content}) }, 'fault: badjson');
	is(faulty(['s2:errorjson:1'], $batch)->{content}, qq({"error":"Internal error, try again later"}\n), 'fault: errorjson');
	{
		local $world = "$dir/made.jsonl";
		system("$program --generate 1200 > $world") == 0 or die "$program --generate";
		my @r = map { $json->decode($_->{content}) }
		    faulty(['s2:earlyend:1'], sub { map { bulk($_[0], query => 'study') } 1, 2 });
		ok(!defined $r[0]{token} && @{ $r[0]{data} } == 1000 && $r[0]{total} > 1000, 'fault: earlyend');
		ok(defined $r[1]{token}, 'fault: ... once');
	}
	is(faulty(['s2:302:1'], $batch)->{status}, 302, 'fault: any status');
	is(faulty(['arxiv:redirect:1:http://127.0.0.1:9/'], $page)->{headers}{location}, 'http://127.0.0.1:9/', 'fault: redirect');
	$r = faulty(['arxiv:bomb:1:65'], $page);
	ok($r->{headers}{'content-encoding'} eq 'gzip' && length $r->{content} < 1e6, 'fault: bomb is small');
	SKIP: {
		skip 'no IO::Uncompress::Gunzip', 1 unless eval { require IO::Uncompress::Gunzip };
		my $out;
		IO::Uncompress::Gunzip::gunzip(\$r->{content} => \$out, Strict => 1) or $out = '';
		is(length($out), 65 << 20, 'fault: ... until it is unpacked');
	}
}

# --- made-up worlds
{
	my $one = `$program --generate 200 --seed 7`;
	is($one, `$program --generate 200 --seed 7`, 'generate: the same seed, the same world');
	isnt($one, `$program --generate 200 --seed 8`, 'generate: another seed, another world');
	my @made = map { $json->decode($_) } split /\n/, $one;
	is(scalar(@made), 200, 'generate: as many as were asked');
	my $length = 0;
	$length += length $_->{arxiv}{abstract} for @made;
	ok($length / 200 > 1200 && $length / 200 < 1400, 'generate: abstracts of 1,300 characters');
	is(system("$program --fault arxiv:nonsense:1 --world $world 2>/dev/null") >> 8, 64, 'usage error');
}

done_testing;
