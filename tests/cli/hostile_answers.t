#!/usr/bin/perl
# Answers that fail in the middle of paging: asked again, told in one line each, and nothing is lost or read as the end.  What fails
# for good, the budget of time and the rules for one source alone are in sources_down.t; pages that fail at full size, the floors and
# ceilings of waiting and stalls in test_engine.c, test_retry.c and test_http.c, with a clock of their own.
use strict;
use warnings;
use utf8;
use Cwd qw(abs_path);
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use File::Find ();
use Test::More;

$dir = abs_path($dir);
time_limit(600);
my $survived = 0;
my $calls = 0;

# Some pages of each source.
my $world_file = "$dir/world.jsonl";
Fineset::generate_short($world_file, 2300);
my @world = ('--world', $world_file);
my $healthy = server(@world);
is(build("$dir/whole", $healthy->{base}, '-q')->{code}, 0, 'a build with nothing wrong');
my $whole = "$dir/whole/latest/data.jsonl";
my %kinds;
$kinds{"$_->{api}.$_->{kind}"}++ for requests($healthy);
my $usual = 0;
$usual += $_ for values %kinds;
cmp_ok($kinds{'arxiv.search'}, '>=', 2, 'arXiv answers in pages');
cmp_ok($kinds{'s2.bulk'}, '>=', 2, 'Semantic Scholar answers in pages');
ok($kinds{'s2.batch'}, '... and is asked by id');

# The lines that tell of a wait.
sub waits { my ($run) = @_; return $run->{err} =~ /^(fineset: [^\n]+; asking again in \d+\.\d s \(try \d\))$/mg }

# With sanitizers a run takes ten times as long: a third of them shows what they can find.
sub left_out { return $ENV{SAN} && !of_today($calls++, 3) }

# A build against a server with a fault comes to the same bytes; ${again} is how often something had to be asked again, '' for any
# number.
sub survives {
	my ($fault, $again, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return if left_out();
	$name = "$fault" . (defined $name ? " ($name)" : '');
	my $server = server(@world, '--fault', $fault);
	my $target = "$dir/" . $fault =~ s/\W+/-/gr;
	my $run = build($target, $server->{base});
	my @asked = requests($server);
	stop($server);
	is($run->{code}, 0, "$name: exit 0") or diag($run->{err});
	same_bytes("$target/latest/data.jsonl", $whole, "$name: every byte");
	my @waits = waits($run);
	is(scalar(@waits), $again, "$name: told so often that it is asked again") or diag($run->{err}) if $again ne '';
	is(scalar(grep { length > 300 || /[^\x20-\x7e\x80-\xff]/ } @waits), 0, "$name: ... in a short line");
	# A batch that is too big for its answer comes in parts.
	cmp_ok(scalar(@asked), '<=', $usual + ($fault =~ /toobig/ ? 14 : 6), "$name: at most some requests more");
	my $sources = json(slurp("$target/latest/manifest.json"))->{sources};
	is($sources->{arxiv}{retries} + $sources->{semantic_scholar}{retries}, scalar(@waits), "$name: the manifest counts them");
	system('rm', '-r', $target);
	$survived++;
	return $run;
}

# --- what is asked again
survives("arxiv.search:$_:2", 1) for qw(406 429 500 502 503 504 rate-text rate-text-429 empty zero nobody cut cutclose html badxml errorjson twofeeds doctype);
survives("s2.bulk:$_:2", 1) for qw(429 500 502 503 504 rate-text rate-text-429 nobody cut cutclose html badjson errorjson);
survives("s2.batch:$_:1", 1) for qw(429 503 nobody cutclose html badjson errorjson);
survives('arxiv.search:503:2:0', 1, 'Retry-After 0');
survives('s2.bulk:429:2:0', 1, 'Retry-After 0');
survives('arxiv.search:zero:1', 1, 'the first page');
survives('arxiv.search:503:2:1', 1, 'Retry-After in seconds');
survives('s2.bulk:429:2-3', 2, 'twice');
# --- what shows only later, or harms nothing; a connection that was open already is opened again without a word
survives("$_:reset:2", '') for qw(arxiv.search s2.bulk);
survives("arxiv.search:$_:2", '') for qw(short lostone dup unsorted);
survives("s2.bulk:$_:2", '') for qw(empty short dup earlyend);
survives('s2.batch:504:1', '', 'halved');
survives('s2.batch:toobig:*:20', '', 'halved and halved again');

# --- a wait that nobody has time for: what came is kept, and the next run goes on
for my $after ('99999999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT', '3600') {
	for my $where ('arxiv.search:503:2', 's2.bulk:429:2') {
		next if left_out();
		my $server = server(@world, '--fault', "$where:$after");
		my $target = "$dir/patience";
		my $run = build($target, $server->{base}, '--max-time', slowly(3));
		stop($server);
		my $name = "$where: Retry-After $after";
		is($run->{code}, $where =~ /^arxiv/ ? 75 : 2, "$name: there is no time for that") or diag($run->{err});
		requests($healthy);
		my $next = run('build', $target, '--as-of', '2026-06-19', '-q', Fineset::options_to($healthy->{base}));
		is($next->{code}, 0, "$name: the next run goes on");
		same_bytes("$target/latest/data.jsonl", $whole, "$name: ... to every byte");
		cmp_ok(scalar(requests($healthy)), '<', $usual, "$name: ... without asking for all of it again");
		system('rm', '-r', $target);
		$survived++;
	}
}
survives("arxiv.search:503:2:$_", 1, 'Retry-After that says nothing') for '-5', 'soon', '0.5.1';

# --- a later refresh
is(run('refresh', "$dir/whole", '--as-of', '2026-06-20', '-q', Fineset::options_to($healthy->{base}))->{code}, 0, 'a refresh with nothing wrong');
is(build("$dir/later", $healthy->{base}, '-q')->{code}, 0, 'another dataset');
for my $fault ((map { "arxiv:$_:1" } qw(503 rate-text zero empty nobody cut html badxml short)), (map { "s2:$_:1" } qw(429 nobody cut html badjson errorjson))) {
	next if left_out();
	my $server = server(@world, '--fault', $fault);
	system('cp', '-a', "$dir/later", "$dir/refreshed") == 0 or die "cp: $?";
	my $run = run('refresh', "$dir/refreshed", '--as-of', '2026-06-20', Fineset::options_to($server->{base}));
	stop($server);
	is($run->{code}, 0, "refresh, $fault: exit 0") or diag($run->{err});
	same_bytes("$dir/refreshed/latest/data.jsonl", $whole, "refresh, $fault: every byte");
	cmp_ok(scalar(waits($run)), '>=', 1, "refresh, $fault: told") or diag($run->{err});
	system('rm', '-r', "$dir/refreshed");
	$survived++;
}

# --- the key stands nowhere, whatever a server says of it
my $key = 'sk-0123456789-the-key-of-somebody';
for my $case (['a page of errors', 's2:file:*', qq({"error":"the key $key is not known"})], ['a message', 's2:file:*', qq({"message":"Forbidden: $key"})],
	['no JSON', 's2:file:*', "your key: $key"], ['a title', 's2.bulk:file:*', qq({"total":1,"token":null,"data":[{"paperId":"@{['a' x 40]}","corpusId":1,"title":["$key"]}]})],
	['a refusal', 's2:403:*', ''], ['a web page', 's2:html:*', ''], ['escapes of JSON', 's2:file:*', qq({"error":"of @{[join '', map { sprintf '\\u%04x', ord } split //, $key]}"})],
	['a paper in escapes', 's2.bulk:file:*', qq({"total":1,"token":null,"data":[{"paperId":"@{['a' x 40]}","corpusId":1,"title":"@{[$key =~ s/s/\\u0073/gr]}"}]}),],
	['percent-encoding', 's2:file:*', "no JSON: /?key=@{[$key =~ s/(\W)/sprintf '%%%02X', ord $1/ger]}"]) {
	my ($name, $fault, $text) = @$case;
	spew("$dir/told", $text);
	my $server = server('--fault', $text eq '' ? $fault : "$fault:$dir/told");
	my $target = "$dir/key";
	my $run = build($target, $server->{base}, '-v', { env => { S2_API_KEY => $key } });
	ok((grep { $_->{headers}{has_key} } requests($server)), "the key, $name: it was sent");
	stop($server);
	# In none of its forms.
	my $letters = join '', map { sprintf '(?:%s|\\\\u00%02x|%%%02X)', quotemeta, ord, ord } split //, $key;
	my @found = grep { $run->{$_} =~ /$letters/i } qw(out err);
	File::Find::find({ no_chdir => 1, wanted => sub { push @found, $_ if -f && !-l && slurp($_) =~ /$letters/i } }, $target);
	is("@found", '', "the key, $name: it stands in no line and in no file") or diag($run->{err});
	system('rm', '-r', $target);
	$survived++;
}
diag("$survived bad answers were survived");
done_testing;
