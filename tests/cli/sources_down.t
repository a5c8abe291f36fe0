#!/usr/bin/perl
# Sources that are down, slow or locked, and runs that are cut short: what is published, what is kept, how it goes on.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(sleep time);

my $healthy = server();
is(build("$dir/whole", $healthy->{base}, '-q')->{code}, 0, 'a build with nothing wrong');
my $whole = "$dir/whole/latest/data.jsonl";
requests($healthy);

sub names { my ($target) = @_; return join ' ', map { s/ .*//r } split /\n/, listing($target) }
sub last_run { my ($target) = @_; return json(slurp("$target/last-run.json")) }
sub manifest { my ($target) = @_; return json(slurp("$target/latest/manifest.json")) }

# A run that published nothing: what it leaves and what it says.
sub unpublished {
	my ($run, $target, $code, $outcome, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is($run->{code}, $code, "$name: exit $code");
	is($run->{out}, '', "$name: stdout is empty");
	is(names($target), '/ /.lock /last-run.json /sources/ /sources/arxiv.jsonl /sources/semantic_scholar.jsonl /topic.json', "$name: DIR keeps topic, journals and last-run.json, no snapshot");
	my $last = last_run($target);
	is_deeply([@$last{qw(outcome exit_code snapshot records)}], [$outcome, $code, undef, 0], "$name: last-run.json says so");
	like($run->{err}, qr{^fineset: nothing was published; }m, "$name: stderr says so");
	return $last;
}

# The next run with the same command comes to the bytes of a whole build.
sub recovers {
	my ($target, $server, $name, $want, @more) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $run = run('build', $target, '--as-of', '2026-06-19', '-q', Fineset::options_to($server->{base}), @more);
	is($run->{code}, 0, "$name: the next run completes") or diag($run->{err});
	is($run->{err}, '', "$name: ... without a word");
	same_bytes("$target/latest/data.jsonl", $want // $whole, "$name: ... to the same data.jsonl");
	is(last_run($target)->{outcome}, 'done', "$name: ... and last-run.json");
}

# --- nothing listens
{
	my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) or die "socket: $!";
	my $port = $socket->sockport;
	close $socket;
	my $run = build("$dir/nothing", "http://127.0.0.1:$port");
	my $last = unpublished($run, "$dir/nothing", 69, 'unreachable', 'nothing listens');
	like($run->{err}, qr{^fineset: $_: search, from 0: .*given up after 6 tries$}m, "nothing listens: $_ is given up") for 'arXiv', 'Semantic Scholar';
	is(scalar(() = $run->{err} =~ /^fineset: arXiv: .*; asking again in \d+\.\d s /mg), 5, 'nothing listens: every wait is told');
	is_deeply([map { $last->{sources}{$_}{status} } qw(arxiv semantic_scholar)], ['unreachable', 'unreachable'], 'nothing listens: last-run.json names both');
	is_deeply([@{ $last->{sources}{arxiv} }{qw(requests retries)}], [6, 5], 'nothing listens: six tries');
	like($last->{sources}{arxiv}{reason}, qr{\S}, 'nothing listens: with a reason');
	recovers("$dir/nothing", $healthy, 'nothing listened');
}

# --- arXiv is overloaded for ever
{
	my $server = server('--fault', 'arxiv:503:*');
	my $run = build("$dir/overloaded", $server->{base});
	my $last = unpublished($run, "$dir/overloaded", 75, 'later', 'arXiv 503 for ever');
	is($last->{sources}{arxiv}{status}, 'throttled', 'arXiv 503 for ever: throttled');
	is($last->{sources}{semantic_scholar}{status}, 'ok', 'arXiv 503 for ever: Semantic Scholar was well');
	is(scalar(grep { $_->{api} eq 'arxiv' } requests($server)), 6, 'arXiv 503 for ever: asked six times');
	stop($server);
	requests($healthy);
	recovers("$dir/overloaded", $healthy, 'arXiv was overloaded');
	is(join(' ', sort map { $_->{kind} } requests($healthy)), 'batch id_list search', 'arXiv was overloaded: what Semantic Scholar had found is not asked again');
}

# --- arXiv stumbles once
for my $fault ('arxiv:503:1', 'arxiv:reset:1', 'arxiv:rate-text:1', 'arxiv:html:1', 'arxiv:nobody:1', 'arxiv:cutclose:1', 'arxiv:badxml:1', 'arxiv:zero:1',
	's2:500:1', 's2:reset:1', 's2:errorjson:1', 's2:badjson:1', 's2:cut:1', 's2.batch:503:1', 's2.bulk:429:1:1') {
	my $server = server('--fault', $fault);
	my $target = "$dir/" . $fault =~ s/\W/-/gr;
	my $run = build($target, $server->{base});
	is($run->{code}, 0, "$fault: exit 0");
	like($run->{err}, qr{asking again in}, "$fault: the wait is told");
	same_bytes("$target/latest/data.jsonl", $whole, "$fault: the same data.jsonl");
	is(manifest($target)->{sources}{ $fault =~ /^(arxiv)/ ? 'arxiv' : 'semantic_scholar' }{retries}, 1, "$fault: the manifest counts one retry");
	stop($server);
}

# --- Semantic Scholar is down on a first build
{
	my $server = server('--fault', 's2:500:*');
	my $run = build("$dir/half", $server->{base});
	is($run->{code}, 2, 'Semantic Scholar down: exit 2');
	is($run->{out}, '', 'Semantic Scholar down: stdout is empty');
	like($run->{err}, qr{^fineset: Semantic Scholar: unreachable: }m, 'Semantic Scholar down: stderr says so');
	my @rows = rows("$dir/half/latest/data.jsonl");
	is(scalar(@rows), 85, 'Semantic Scholar down: the snapshot holds what arXiv knows (86, of which two are one)');
	is(scalar(grep { "@{ $_->{sources} }" ne 'arxiv' || $_->{citation_count} } @rows), 0, 'Semantic Scholar down: ... and nothing else');
	my $manifest = manifest("$dir/half");
	is_deeply([map { @{ $manifest->{sources}{$_} }{qw(status records)} } qw(arxiv semantic_scholar)], ['ok', 86, 'unreachable', 0], 'Semantic Scholar down: manifest');
	like($manifest->{sources}{semantic_scholar}{reason}, qr{500}, 'Semantic Scholar down: ... with the reason');
	like(slurp("$dir/half/latest/README.md"), qr{^\| Semantic Scholar \| unreachable \|}m, 'Semantic Scholar down: the card says so');
	is_deeply([@{ last_run("$dir/half") }{qw(outcome exit_code snapshot records)}], ['partial', 2, 'snapshots/2026-06-19', 85], 'Semantic Scholar down: last-run.json');
	stop($server);
	recovers("$dir/half", $healthy, 'Semantic Scholar was down');
	is(readlink("$dir/half/latest"), 'snapshots/2026-06-19.2', 'Semantic Scholar was down: the second snapshot of the day');
	my %change;
	$change{ $_->{change} }++ for rows("$dir/half/latest/changes.jsonl");
	is($change{added}, 5, 'Semantic Scholar was down: changes.jsonl adds the five that only it finds');
	is($change{removed} // 0, 0, 'Semantic Scholar was down: ... and removes none');
}

# --- the key is refused
{
	my $server = server('--s2-key', 'right-key');
	my $run = build("$dir/refused", $server->{base}, { env => { S2_API_KEY => 'wrong-key-of-somebody' } });
	is($run->{code}, 2, 'a refused key: exit 2');
	is(scalar(() = $run->{err} =~ /^.*S2_API_KEY.*$/mg), 1, 'a refused key: one line about the key');
	like($run->{err}, qr{^fineset: Semantic Scholar: refuses the key in S2_API_KEY: HTTP 403}m, 'a refused key: which names the variable');
	ok(index($run->{err} . $run->{out}, 'wrong-key') < 0, 'a refused key: never the key');
	is(manifest("$dir/refused")->{sources}{semantic_scholar}{status}, 'key_refused', 'a refused key: manifest');
	is(scalar(rows("$dir/refused/latest/data.jsonl")), 85, 'a refused key: arXiv alone');
	is(scalar(grep { $_->{api} eq 's2' } requests($server)), 2, 'a refused key: asked twice, no more');
	stop($server);
	my $forbidden = server('--fault', 's2:403:*');
	my $without = build("$dir/forbidden", $forbidden->{base});
	is($without->{code}, 2, '403 without a key: exit 2');
	like($without->{err}, qr{^fineset: Semantic Scholar: refuses requests without a key \(S2_API_KEY is not set\): HTTP 403}m, '403 without a key: stderr says that none is set');
	stop($forbidden);
}

# --- both, after a good build: the last known records stand in
{
	is(build("$dir/stale", $healthy->{base}, '-q')->{code}, 0, 'a good build');
	my $server = server('--fault', 'arxiv:500:*');
	my $run = run('build', "$dir/stale", '--as-of', '2026-06-21', Fineset::options_to($server->{base}));
	is($run->{code}, 2, 'arXiv down two days later: exit 2');
	is(readlink("$dir/stale/latest"), 'snapshots/2026-06-21', 'arXiv down two days later: a snapshot all the same');
	is(scalar(rows("$dir/stale/latest/data.jsonl")), 90, 'arXiv down two days later: of all known papers');
	my $manifest = manifest("$dir/stale");
	is_deeply([@{ $manifest->{sources}{arxiv} }{qw(status records cutoff)}], ['stale', 87, '2026-06-19'], 'arXiv down two days later: "stale", with the date');
	like($manifest->{sources}{arxiv}{last_fetched}, qr{^\d{4}-\d\d-\d\dT}, 'arXiv down two days later: ... and when it last answered');
	stop($server);
	my $next = run('build', "$dir/stale", '--as-of', '2026-06-21', '-q', Fineset::options_to($healthy->{base}));
	is($next->{code}, 0, 'arXiv is back: exit 0');
	is_deeply([@{ manifest("$dir/stale")->{sources}{arxiv} }{qw(status cutoff)}], ['ok', '2026-06-21'], 'arXiv is back: the manifest says so');
}

# --- out of time.  A world of three arXiv pages.
my $big = "$dir/big.jsonl";
{
	my $made = Fineset::generate($big, 4500);
	is($made, 4500, 'a world of 4,500 papers');
}
my $wide = server('--world', $big);
is(build("$dir/big", $wide->{base}, '-q')->{code}, 0, '4,500 papers in one go');
my $all = "$dir/big/latest/data.jsonl";
my @one_go = map { "$_->{api} $_->{target}" } grep { $_->{method} eq 'GET' } requests($wide);
{
	my $begun = time;
	my $run = build("$dir/cut", $wide->{base}, '--arxiv-interval', slowly(4), '--max-time', slowly(7));
	my $took = time - $begun;
	my $last = unpublished($run, "$dir/cut", 75, 'later', '--max-time');
	cmp_ok($took, '<', slowly(11.5), '--max-time: it ends in time');
	is($last->{sources}{arxiv}{status}, 'cut', '--max-time: arXiv was cut short');
	is($last->{sources}{arxiv}{reason}, 'out of time', '--max-time: ... for want of time');
	my @first = requests($wide);
	my @pages = grep { $_->{api} eq 'arxiv' } @first;
	is(scalar(@pages), 2, '--max-time: two of three pages came');
	cmp_ok($pages[1]{t} - $pages[0]{t}, '>=', slowly(4), '--max-time: ... at the pace');
	recovers("$dir/cut", $wide, '--max-time', $all);
	my @second = requests($wide);
	my %seen = map { ("$_->{api} $_->{target}" => 1) } grep { $_->{kind} ne 'batch' } @first;
	is(join("\n", grep { $seen{$_} } map { "$_->{api} $_->{target}" } grep { $_->{kind} ne 'batch' } @second), '', '--max-time: what was committed is not asked again');
	is(scalar(grep { $_->{api} eq 'arxiv' && $_->{kind} eq 'search' } @first, @second), scalar(grep { /^arxiv .*search_query/ } @one_go), '--max-time: both runs together cost the searches of one');
}
{
	my $begun = time;
	my $run = build("$dir/late", $healthy->{base}, '--s2-interval', slowly(60), '--max-time', slowly(20));
	cmp_ok(time - $begun, '<', slowly(20), '--max-time, arXiv is complete: no wait that would end too late is begun');
	is($run->{code}, 2, '--max-time, arXiv is complete: exit 2');
	is(manifest("$dir/late")->{sources}{arxiv}{status}, 'ok', '--max-time, arXiv is complete: manifest of arXiv');
	is(last_run("$dir/late")->{sources}{semantic_scholar}{status}, 'cut', '--max-time, arXiv is complete: Semantic Scholar was cut short');
	is(manifest("$dir/late")->{sources}{semantic_scholar}{status}, 'stale', '--max-time, arXiv is complete: what it has brought stands in');
	requests($healthy);
	recovers("$dir/late", $healthy, '--max-time, arXiv was complete');
	is(join(' ', sort map { $_->{kind} } requests($healthy)), 'batch', '--max-time, arXiv was complete: the next run asks for the rest alone');
}

# --- told to stop
for my $signal ('TERM', 'INT') {
	my $target = "$dir/stopped-$signal";
	requests($wide);
	my $running = Fineset::start(['build', $target, '--topic', 'speculative decoding', '--as-of', '2026-06-19', Fineset::options_to($wide->{base}), '--arxiv-interval', 60]);
	my @first;
	for (1 .. 2000) {
		push @first, requests($wide);
		last if -e "$target/sources/arxiv.jsonl" && grep { /^\{"commit"/ } lines("$target/sources/arxiv.jsonl");
		sleep 0.01;
	}
	my $begun = time;
	kill $signal, $running->{pid};
	my $run = Fineset::finish($running);
	cmp_ok(time - $begun, '<', 20, "SIG$signal: it ends at once");
	is($run->{signal}, 0, "SIG$signal: ... by itself");
	my $last = unpublished($run, $target, 75, 'later', "SIG$signal");
	is($last->{sources}{arxiv}{reason}, 'told to stop', "SIG$signal: last-run.json tells why");
	push @first, requests($wide);
	recovers($target, $wide, "SIG$signal", $all);
	my %seen = map { $_->{target} => 1 } grep { $_->{kind} eq 'search' } @first;
	is(scalar(grep { $seen{ $_->{target} } } requests($wide)), 0, "SIG$signal: the first page is not asked again");
}

# --- told to stop while a page is under way: it is waited for, and that is said at once
{
	my $target = "$dir/stalled";
	my $slow = server('--fault', 'arxiv:stall:*:3');
	my $running = Fineset::start(['build', $target, '--topic', 'speculative decoding', '--as-of', '2026-06-19', Fineset::options_to($slow->{base})]);
	# The journal of the other source says nothing of this one's request.
	for (1 .. 2000) {
		last if grep { $_->{api} eq 'arxiv' } requests($slow);
		sleep 0.01;
	}
	kill 'TERM', $running->{pid};
	for (1 .. 200) {
		last if slurp($running->{err}) ne '';
		sleep 0.01;
	}
	like(slurp($running->{err}), qr{^fineset: told to stop: .* under way$}m, 'SIGTERM in the middle of a page: it is said at once what is waited for');
	ok(!-e "$target/last-run.json", 'SIGTERM in the middle of a page: ... which takes its time');
	is(Fineset::finish($running)->{code}, 75, 'SIGTERM in the middle of a page: exit 75');
	ok((grep { /^\{"commit"/ } lines("$target/sources/arxiv.jsonl")), 'SIGTERM in the middle of a page: the page is kept');
	stop($slow);
}

# --- killed in the middle of a page: what stands behind the last commit goes
{
	my $target = "$dir/torn";
	build($target, $healthy->{base}, '-q');
	my $journal = "$target/sources/arxiv.jsonl";
	my $text = slurp($journal);
	my ($header, @rest) = lines($journal);
	# The second commit is the id_list's.
	my @commits = grep { $rest[$_] =~ /^\{"commit"/ } 0 .. $#rest;
	my $torn = join '', $header, @rest[0 .. $commits[0]], $rest[0], substr $rest[1], 0, 40;
	spew($journal, $torn);
	my $run = run('build', $target, '--as-of', '2026-06-19', Fineset::options_to($healthy->{base}));
	is($run->{code}, 0, 'a torn page: exit 0');
	like($run->{err}, qr{^fineset: \Q$journal\E: 2 lines behind the last commit dropped}m, 'a torn page: dropped with a notice');
	same_bytes("$target/latest/data.jsonl", $whole, 'a torn page: the same data.jsonl');
	is(scalar(lines($journal)), scalar(@rest) + 1, 'a torn page: what was lost came again');
}
stop($_) for $healthy, $wide;
# --- a search page of nulls is no search that found nothing
{
	my $server = server('--fault', 's2.bulk:null:*');
	my $run = build("$dir/nulls", $server->{base});
	is($run->{code}, 2, 'a search of nulls: exit 2');
	like($run->{err}, qr{^fineset: Semantic Scholar: unreachable: \d+ of \d+ papers are null$}m, 'a search of nulls: told');
	isnt(manifest("$dir/nulls")->{sources}{semantic_scholar}{status}, 'ok', 'a search of nulls: manifest');
	stop($server);
}

# --- a page of the search in its middle that is short or empty is asked again
{
	my $world = "$dir/middle.jsonl";
	Fineset::generate($world, 2500);
	my $healthy = server('--world', $world);
	is(build("$dir/middle", $healthy->{base}, '-q')->{code}, 0, 'several pages');
	stop($healthy);
	for my $fault ('s2.bulk:short:2', 's2.bulk:zero:2', 's2.bulk:empty:2') {
		my $server = server('--world', $world, '--fault', $fault);
		is(build("$dir/$fault", $server->{base}, '-q')->{code}, 0, "$fault: exit 0");
		same_bytes("$dir/middle/latest/data.jsonl", "$dir/$fault/latest/data.jsonl", "$fault: no paper is lost");
		stop($server);
	}
	my $server = server('--world', $world, '--fault', 's2.bulk:earlyend:*');
	my $run = build("$dir/early", $server->{base});
	is($run->{code}, 2, 'a search that always ends early: exit 2');
	like($run->{err}, qr{^fineset: Semantic Scholar: \d+ of \d+ matches never came$}m, 'a search that always ends early: told');
	stop($server);
}

done_testing;
