#!/usr/bin/perl
# What people get wrong: one clear line that names the culprit, the documented exit code, nothing written.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use Test::More;
use Time::HiRes qw(sleep);

my $ground = "$dir/ground";
mkdir $ground or die;
# Nothing listens there: a run that got so far would tell of it with another exit code.
my @nowhere = Fineset::options_to('http://127.0.0.1:1');
my @topic = ('--topic', 'speculative decoding');

# refused([arguments], exit code, pattern, name): refused, and the ground is as it was.
sub refused {
	my ($args, $code, $pattern, $name, $how) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $before = listing($ground);
	my $run = run(@$args, $how // {});
	is($run->{code}, $code, "$name: exit $code");
	is($run->{out}, '', "$name: stdout is empty");
	one_line($run, $pattern, $name);
	is(listing($ground), $before, "$name: nothing was written");
}

# --- the command line
for my $case (
	# why, arguments behind `build DIR --topic ...`, what is said
	['an unknown option', ['--frobnicate'], qr{'--frobnicate'}],
	['an unknown option with a value', ['--colour=red'], qr{'--colour=red'}],
	['an unknown letter', ['-x'], qr{'-x'}],
	['an unknown letter in a bunch', ['-qx'], qr{'-q?x'}],
	['an unknown letter at the head of a bunch', ['-xq'], qr{'-xq?'}],
	['an option of no command of this name', ['--full'], qr{'--full'}],
	['a value is missing', ['--as-of'], qr{--as-of}],
	['a second DIR', ["$ground/two"], qr{one directory, got 2}],
	['30 February', ['--as-of', '2026-02-30'], qr{--as-of: .*'2026-02-30'}],
	['a month of one digit', ['--as-of', '2026-6-1'], qr{--as-of: .*'2026-6-1'}],
	['a word for a date', ['--as-of', 'yesterday'], qr{--as-of: .*'yesterday'}],
	['a date with a time', ['--as-of', '2026-06-19T00:00:00Z'], qr{--as-of: .*'2026-06-19T}],
	['no date', ['--from', ''], qr{--from: .*''}],
	['month 13', ['--from', '2026-13-01'], qr{--from: .*'2026-13-01'}],
	['29 February of no leap year', ['--to', '2025-02-29'], qr{--to: .*'2025-02-29'}],
	['from after to', ['--from', '2026-03-02', '--to', '2026-03-01'], qr{from: 2026-03-02 lies after to, 2026-03-01}],
	['as-of before from', ['--from', '2026-06-20', '--as-of', '2026-06-19'], qr{from: 2026-06-20 lies after the snapshot date, 2026-06-19}],
	['a category of words', ['--category', 'machine learning'], qr{'machine learning'}],
	['half a category', ['--category', 'cs.'], qr{'cs\.'}],
	['a category that would be query', ['--category', 'cs.CL) OR (all:x'], qr{'cs\.CL\) OR \(all:x'}],
	['an interval of words', ['--arxiv-interval', 'slow'], qr{--arxiv-interval: .*'slow'}],
	['a negative interval', ['--s2-interval', '-1'], qr{--s2-interval: .*'-1'}],
	['an interval with a unit', ['--s2-interval', '3s'], qr{--s2-interval: .*'3s'}],
	['no number', ['--max-time', 'nan'], qr{--max-time: .*'nan'}],
	['an endless time', ['--max-time', '1e9'], qr{--max-time: .*'1e9'}],
	['too fast for the real arXiv', ['--arxiv-url', 'https://export.arxiv.org/api/query'], qr{--arxiv-interval: 0\.0 s is too fast for https://export\.arxiv\.org}],
	['too fast for the real Semantic Scholar', ['--s2-url', 'https://api.semanticscholar.org/graph/v1', '--s2-interval', '1.0'], qr{--s2-interval: 1\.0 s is too fast for https://api\.semanticscholar\.org}],
	['http for a public host', ['--arxiv-url', 'http://export.arxiv.org/api/query', '--arxiv-interval', 3], qr{--arxiv-url: .*https.*http://export\.arxiv\.org}],
	['http for a host that begins like this machine', ['--s2-url', 'http://127.0.0.1.example.org/', '--s2-interval', 3], qr{--s2-url: .*127\.0\.0\.1\.example\.org}],
	['http for a host behind a user of that name', ['--s2-url', 'http://127.0.0.1@example.org/', '--s2-interval', 3], qr{--s2-url: }],
	['a file for a URL', ['--arxiv-url', 'file:///etc/passwd'], qr{--arxiv-url: .*'file:///etc/passwd'}],
	['no URL', ['--s2-url', 'not a url'], qr{--s2-url: .*'not a url'}],
	['an empty name', ['--name', ' '], qr{--name: }],
) {
	my ($why, $more, $pattern) = @$case;
	refused(['build', "$ground/new", @topic, @nowhere, @$more], 64, $pattern, $why);
}
for my $case (
	# why, all arguments, what is said
	['no DIR', ['build', @topic], qr{one directory, got 0}],
	['an empty DIR', ['build', '', @topic], qr{directory}],
	['no topic for a new DIR', ['build', "$ground/new", @nowhere], qr{\Q$ground\E/new/topic\.json: .*--topic}],
	['a name alone is no topic', ['build', "$ground/new", '--name', 'x', @nowhere], qr{nothing to look for}],
	['the default URLs are public', ['build', "$ground/new", @topic, '--arxiv-interval', 0], qr{--arxiv-interval: 0\.0 s is too fast for https://export\.arxiv\.org}],
) {
	my ($why, $args, $pattern) = @$case;
	refused($args, 64, $pattern, $why);
}
refused(['build', "$ground/new", @topic, '--arxiv-interval', 3], 64, qr{FINESET_ARXIV_URL: .*http://export\.arxiv\.org}, 'http for a public host, from the environment',
	{ env => { FINESET_ARXIV_URL => 'http://export.arxiv.org/api/query' } });
{
	my $run = run('frobnicate');
	is($run->{code}, 64, 'an unknown command: exit 64');
	is($run->{out}, '', '... stdout is empty');
	like($run->{err}, qr{\Afineset: unknown command 'frobnicate'\n}, '... and named');
	$run = run();
	is($run->{code}, 64, 'no command: exit 64');
	is($run->{out}, '', '... stdout is empty');
	like($run->{err}, qr{^usage: fineset COMMAND}, '... and told how');
}

# --- absurd topics
for my $case (
	# why, phrases, what is said
	['an empty phrase', [''], qr{a phrase needs a letter or a digit, got ''}],
	['a blank phrase', [" \t\n "], qr{a phrase needs a letter or a digit, got ''}],
	['only punctuation', ['"?!" (...)'], qr{a phrase needs a letter or a digit, got '"\?!" \(\.\.\.\)'}],
	['one good, one blank', ['speculative decoding', ' '], qr{a phrase needs a letter or a digit}],
	['400 bytes', ['a ' x 200], qr{a phrase of 399 bytes, at most 300}],
	['60 phrases', [map { "phrase $_" } 1 .. 60], qr{60 phrases, at most 50}],
	['bytes that are no UTF-8', ["caf\xe9"], qr{--topic: must be valid UTF-8}],
	['an overlong slash', ["a\xc0\xafb"], qr{--topic: must be valid UTF-8}],
) {
	my ($why, $phrases, $pattern) = @$case;
	refused(['build', "$ground/new", (map { ('--topic', $_) } @$phrases), @nowhere], 64, $pattern, "topic: $why");
}
{
	my $run = run('build', "$ground/new", '--topic', "caf\xe9\e[31m\n", @nowhere);
	unlike($run->{err}, qr{[\x00-\x09\x0b-\x1f\x7f]}, 'control bytes of a bad value do not reach the terminal');
}

# --- the directory
spew("$ground/file", "precious\n");
refused(['build', "$ground/file", @topic, @nowhere], 73, qr{\Q$ground\E/file: .*directory}, 'DIR is a file');
refused(['build', "$ground/file/below", @topic, @nowhere], 73, qr{\Q$ground\E/file/below: }, 'DIR is below a file');
refused(['build', "$ground/no/such/parent", @topic, @nowhere], 73, qr{\Q$ground\E/no/such/parent: .*No such file}, 'DIR is below a missing parent');
is(slurp("$ground/file"), "precious\n", 'the file is as it was');
{
	mkdir "$ground/closed" or die;
	spew("$ground/topic.json", qq({"any": ["speculative decoding"]}\n));
	chmod 0555, "$ground/closed";
	chmod 0755, $dir, $ground;
	my ($setpriv) = grep { -x } map { "$_/setpriv" } split /:/, $ENV{PATH} // '';
	my @nobody = $> != 0 ? () : $setpriv ? ($setpriv, '--reuid=65534', '--regid=65534', '--clear-groups') : ('none');
	my %how = @nobody ? (prefix => \@nobody) : ();
	SKIP: {
		skip 'root may write everywhere, and there is no setpriv here', 1 if @nobody && $nobody[0] eq 'none';
		skip 'nobody may not run the program here', 1 if run('--version', {%how})->{code} != 0;
		refused(['build', "$ground/closed", @topic, @nowhere], 73, qr{\Q$ground\E/closed: .*Permission denied}, 'DIR is not writable', {%how});
		refused(['build', "$ground/closed/new", @topic, @nowhere], 73, qr{\Q$ground\E/closed/new: .*Permission denied}, 'DIR\'s parent is not writable', {%how});
	}
	unlink "$ground/topic.json";
	chmod 0755, "$ground/closed";
	rmdir "$ground/closed";
}

# --- topic.json
mkdir "$ground/edited" or die;
my $good = '"any": ["speculative decoding"]';
for my $case (
	# why, text, what is said behind the path
	['a typo', "{$good, \"categorys\": []}", qr{unknown key 'categorys'.*'categories'}],
	['another typo', "{$good, \"form\": \"2026-01-01\"}", qr{unknown key 'form'.*'from'}],
	['a key in capitals', "{$good, \"Keep\": 7}", qr{unknown key 'Keep'.*'keep'}],
	['a key of another world', "{$good, \"licence\": \"mit\"}", qr{unknown key 'licence'.*'license'}],
	['a phrase where a list belongs', '{"any": "speculative decoding"}', qr{any: must be a list of strings, got "speculative decoding"}],
	['a number among the phrases', '{"any": ["x", 7]}', qr{any: must be a list of strings}],
	['a text for keep', "{$good, \"keep\": \"7\"}", qr{keep: must be a whole number.*"7"}],
	['keep nothing', "{$good, \"keep\": 0}", qr{keep: must be a whole number.* 0$}m],
	['half a snapshot', "{$good, \"keep\": 1.5}", qr{keep: must be a whole number.* 1\.5$}m],
	['a number for a name', "{$good, \"name\": 7}", qr{name: must be a string, got 7}],
	['a date that is none', "{$good, \"from\": \"2026-02-30\"}", qr{from: must be a date.*"2026-02-30"}],
	['a date that is a number', "{$good, \"to\": 20260619}", qr{to: must be a date.* 20260619}],
	['from after to', "{$good, \"from\": \"2026-02-02\", \"to\": \"2026-02-01\"}", qr{from: 2026-02-02 lies after to, 2026-02-01}],
	['a match of another kind', "{$good, \"match\": \"title\"}", qr{match: must be .*got "title"}],
	['a bad category', "{$good, \"categories\": [\"cs.CL\", \"ai!\"]}", qr{categories: .*'ai!'}],
	['nothing to look for', '{"any": [], "none": ["x"]}', qr{nothing to look for}],
	['a phrase of punctuation', '{"any": ["..."]}', qr{any: .*'\.\.\.'}],
	['a key twice', "{$good, \"keep\": 7, \"keep\": 8}", qr{line 1: .*[Dd]uplicate.*keep}],
	['bad JSON', "{$good,\n}", qr{line 2: }],
	['no JSON', 'any: speculative decoding', qr{line 1: }],
	['two objects', "{$good} {$good}", qr{line 1: }],
	['a list', "[\"speculative decoding\"]", qr{must be a JSON object}],
	['an empty file', '', qr{line \d: }],
	['a NUL', '{"any": ["a\u0000b"]}', qr{line 1: }],
	['Latin-1', "{\"any\": [\"caf\xe9\"]}", qr{line 1: .*decode byte 0xe9}],
) {
	my ($why, $text, $pattern) = @$case;
	spew("$ground/edited/topic.json", "$text\n");
	refused(['build', "$ground/edited", @nowhere], 78, qr{\Q$ground\E/edited/topic\.json: .*$pattern}, "topic.json: $why");
}
spew("$ground/edited/topic.json", "{$good}\n");
refused(['build', "$ground/edited", '--topic', 'early exit', @nowhere], 64, qr{\Q$ground\E/edited/topic\.json: holds another topic: .*speculative decoding.*early exit}, 'a second topic for a DIR');
refused(['build', "$ground/edited", @topic, '--category', 'cs.CL', @nowhere], 64, qr{holds another topic: .*cs\.CL}, 'the same phrase in another category');
refused(['build', "$ground/edited", '--from', '2026-01-01', @nowhere], 64, qr{holds another topic: }, 'dates alone are another topic too');
refused(['build', "$ground/edited", '--as-of', '2026-02-30', @nowhere], 64, qr{--as-of}, 'a bad date for an existing DIR');

# --- the lock: a second run names the first, and a killed one leaves none behind
{
	my $slow = server('--fault', 'arxiv:stall:1:30');
	my $target = "$ground/locked";
	my $first = Fineset::start(['build', $target, @topic, '--as-of', '2026-06-19', Fineset::options_to($slow->{base})]);
	for (1 .. 1000) {
		last if -e $slow->{log} && grep { $_->{api} eq 's2' } requests($slow);
		sleep 0.01;
	}
	like(slurp("$target/.lock"), qr{\Aprocess $first->{pid} on \S+, since \S+Z\n\z}, 'the lock names its holder');
	my $before = slurp("$target/topic.json");
	my $run = run('build', $target, @topic, @nowhere);
	is($run->{code}, 75, 'a second run: exit 75');
	is($run->{out}, '', '... stdout is empty');
	one_line($run, qr{\Q$target\E/\.lock: .*process $first->{pid} on \S+, since }, '... a locked DIR');
	is(slurp("$target/topic.json"), $before, '... topic.json is as it was');
	ok(!-e "$target/last-run.json" && !-e "$target/latest", '... and nothing else was written');
	kill 'KILL', $first->{pid};
	is(Fineset::finish($first)->{signal}, 9, 'the first run is killed');
	my $after = build($target, $slow->{base}, '-q');
	is($after->{code}, 0, 'the next run takes the lock');
	is(scalar(rows("$target/latest/data.jsonl")), 90, '... and completes');
	stop($slow);
}

# --- DIR by another name
{
	my $server = server();
	mkdir "$dir/elsewhere" or die;
	symlink 'elsewhere', "$dir/link" or die;
	my $run = build("$dir/link", $server->{base}, '-q');
	is($run->{code}, 0, 'DIR may be a link to a directory');
	is($run->{err}, '', '... without a word');
	is(scalar(rows("$dir/elsewhere/latest/data.jsonl")), 90, '... where the snapshot lands');
	stop($server);
}

# --- whoever calls has closed a standard descriptor: no file of the run gets its number
{
	my $server = server();
	for my $closed ('<&-', '>&-', '2>&-', '<&- >&- 2>&-') {
		my $target = "$dir/closed" . length $closed;
		my $run = build($target, $server->{base}, '-v', { prefix => ['sh', '-c', "exec \"\$0\" \"\$@\" $closed"] });
		is($run->{code}, 0, "a build with $closed");
		my @files = grep { -f } glob("$target/.lock $target/* $target/sources/*");
		is(join(' ', grep { slurp($_) =~ /^fineset: /m } @files), '', '... what is said goes into no file');
		is(scalar(rows("$target/latest/data.jsonl")), 90, '... and all papers are there');
	}
	stop($server);
	my $data = "$dir/closed3/latest/data.jsonl";
	SKIP: {
		skip 'valgrind takes the descriptor that is closed', 3 if defined $ENV{MEMCHECK_PROGRAM};
		my $silent = run('score', $data, '-q', { prefix => ['sh', '-c', 'exec "$0" "$@" >&-'] });
		is($silent->{code}, 74, 'rows that reach nobody: exit 74');
		one_line($silent, qr/stdout: cannot write/, 'rows that reach nobody');
	}
	is(run('score', '-q', { prefix => ['sh', '-c', 'exec "$0" "$@" <&-'] })->{code}, 65, 'nothing to read: exit 65');
}
done_testing;
