#!/usr/bin/perl
# `fineset diff`: what was added, removed and changed between two datasets, snapshots or files of rows.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use Test::More;

my @ids = map { $_ x 64 } 'a' .. 'f';

sub row {
	my ($id, $rest) = @_;
	return "{\"id\": \"$id\", \"arxiv_id\": \"2606.2054" . ord(substr $id, 0, 1) % 10 . '", "title": "T"' . ($rest // '') . "}\n";
}

sub change {
	my ($change, $id, $rest) = @_;
	return "{\"change\": \"$change\", " . substr(row($id, $rest), 1);
}

sub summary {
	my ($added, $removed, $changed, $fields) = @_;
	return "{\"change\": \"summary\", \"added\": $added, \"removed\": $removed, \"changed\": $changed, \"fields\": {" . ($fields // '') . "}}\n";
}

sub diff {
	my ($old, $new) = @_;
	spew("$dir/old", $old);
	spew("$dir/new", $new);
	return run('diff', "$dir/old", "$dir/new");
}

# --- files
for my $case (
	# why, old, new, stdout, the sentence on stderr
	['nothing on either side', '', '', summary(0, 0, 0), '0 added, 0 removed, 0 changed'],
	['the same rows', row($ids[0]) . row($ids[1]), row($ids[1]) . row($ids[0]), summary(0, 0, 0), '0 added, 0 removed, 0 changed'],
	['one of each', row($ids[0], ', "venue": null, "citation_count": 3') . row($ids[1]), row($ids[2]) . row($ids[0], ', "venue": "ACL", "citation_count": 4'),
		change('added', $ids[2]) . change('changed', $ids[0], ', "fields": {"citation_count": {"old": 3, "new": 4}, "venue": {"old": null, "new": "ACL"}}')
		    . change('removed', $ids[1]) . summary(1, 1, 1, '"citation_count": 1, "venue": 1'),
		'1 added, 1 removed, 1 changed (citation_count 1, venue 1)'],
	['keys that a row does not have', row($ids[0], ', "tags": ["x"], "note": 1'), row($ids[0], ', "tags": ["x","y"], "has_code": true'),
		change('changed', $ids[0], ', "fields": {"has_code": {"old": null, "new": true}, "note": {"old": 1, "new": null}, "tags": {"old": ["x"], "new": ["x", "y"]}}')
		    . summary(0, 0, 1, '"has_code": 1, "note": 1, "tags": 1'),
		'0 added, 0 removed, 1 changed (has_code 1, note 1, tags 1)'],
	['only spelt differently', row($ids[0], ', "venue": "\u00e9\/", "authors": ["A","B"]'), row($ids[0], ",\t\"authors\" : [ \"\\u0041\", \"B\" ], \"venue\":\"\xc3\xa9/\" ") =~ s/\n/\r\n\n/r,
		summary(0, 0, 0), '0 added, 0 removed, 0 changed'],
	['a key that would talk to the terminal', row($ids[0]), row($ids[0], ", \"\\u001b[2J\x7f\": 1"),
		change('changed', $ids[0], ", \"fields\": {\"\\u001b[2J\\u007f\": {\"old\": null, \"new\": 1}}") . summary(0, 0, 1, "\"\\u001b[2J\\u007f\": 1"),
		'0 added, 0 removed, 1 changed (\u001b[2J\u007f 1)'],
) {
	my ($why, $old, $new, $out, $said) = @$case;
	my $run = diff($old, $new);
	is($run->{code}, 0, "$why: exit 0");
	is($run->{out}, $out, "$why: stdout");
	is($run->{err}, "fineset: $said\n", "$why: stderr");
}

# --- bad rows are told, counted and passed over
for my $case (
	# why, old, new, stdout, what is said
	['no JSON', row($ids[0]) . "x\n", row($ids[0]) . "\n[\n", summary(0, 0, 0),
		"old: line 2: no object at byte 0\nnew: line 3: no object at byte 0\n0 added, 0 removed, 0 changed, 2 lines refused\n"],
	['no id', row($ids[0]), '{"title": "T"}', change('removed', $ids[0]) . summary(0, 1, 0),
		"new: line 1: id: the key is missing\n0 added, 1 removed, 0 changed, 1 lines refused\n"],
	['an id twice', row($ids[0]) . row($ids[0], ', "venue": "V"'), row($ids[1]) . row($ids[0]) . row($ids[1]), change('added', $ids[1]) . summary(1, 0, 0),
		"old: line 2: id: stands in an earlier line already, got '$ids[0]'\nnew: line 3: id: stands in an earlier line already, got '$ids[1]'\n"
		    . "1 added, 0 removed, 0 changed, 2 lines refused\n"],
) {
	my ($why, $old, $new, $out, $said) = @$case;
	my $run = diff($old, $new);
	is($run->{code}, 65, "$why: exit 65");
	is($run->{out}, $out, "$why: stdout");
	is($run->{err}, $said =~ s{^(?=[on]..: )}{$dir/}gmr =~ s/^/fineset: /gmr, "$why: stderr");
}

# --- directories
my $server = server();
is(build("$dir/demo", $server->{base})->{code}, 0, 'the demo world is built');
my ($first) = glob "$dir/demo/snapshots/*";
my @rows = lines("$first/data.jsonl");
is(build("$dir/demo", $server->{base}, '--as-of', '2026-12-31')->{code}, 0, '... and again later');
stop($server);
my ($second) = grep { $_ ne $first } glob "$dir/demo/snapshots/*";
{
	my $run = run('diff', $first, $second);
	my @told = split /(?<=\n)/, $run->{out};
	my $summary = json(pop @told);
	is($run->{code}, 0, 'two snapshots: exit 0');
	ok(join('', @told) eq slurp("$second/changes.jsonl"), '... what is told is the changes.jsonl of the second, and a summary');
	my %count = (map({ $_ => 0 } qw(added removed changed)), fields => {});
	for my $change (map { json($_) } @told) {
		$count{ $change->{change} }++;
		$count{fields}{$_}++ for keys %{ $change->{fields} // {} };
	}
	is_deeply($summary, { change => 'summary', %count }, '... which counts what was told');
	cmp_ok($count{changed}, '>', 50, "... $count{changed} scores changed with the date");
	unlike(slurp("$second/changes.jsonl"), qr/summary/, '... changes.jsonl has no summary');
	is(run('diff', $first, "$dir/demo")->{out}, $run->{out}, 'a dataset directory means its latest snapshot');
	is(run('diff', "$first/data.jsonl", "$second/data.jsonl")->{out}, $run->{out}, 'files of rows');
	is(run('diff', '-', $second, { stdin => "$first/data.jsonl" })->{out}, $run->{out}, '- is stdin');
	is(run('diff', $first, '-', { stdin => "$second/data.jsonl" })->{out}, $run->{out}, '... on either side');
	my $piped = run('diff', '-', $second, { prefix => ['/bin/sh', '-c', 'cat "$FIRST" | "$0" "$@"'], env => { FIRST => "$first/data.jsonl" } });
	is($piped->{out}, $run->{out}, '... also from a pipe');
	is(run('diff', '-q', $first, $second)->{err}, '', '-q: nothing on stderr');
	my $back = json((split /\n/, run('diff', $second, $first)->{out})[-1]);
	is_deeply($back, { %$summary, added => $summary->{removed}, removed => $summary->{added} }, 'the other way round the counts change places');
}
is(run('diff', $first, '/dev/null')->{code}, 66, 'a device is no file: exit 66');

# --- the command line, the ends of the pipe
for my $case (
	# arguments, exit code, what is said
	[[], 64, qr{diff: wants two .*got 0}],
	[[$first], 64, qr{diff: wants two .*got 1}],
	[[$first, $first, $first], 64, qr{diff: wants two .*got 3}],
	[['-', '-'], 64, qr{diff: only one}],
	[["$dir/absent", $first], 66, qr{\Q$dir\E/absent: }],
	[[$first, "$dir/absent"], 66, qr{\Q$dir\E/absent: }],
	[[$dir, $first], 66, qr{\Q$dir\E: }],
	[['--as-of', '2026-06-19', $first, $first], 64, qr{--as-of}],
) {
	my ($args, $code, $pattern) = @$case;
	my $run = run('diff', @$args);
	my $name = join ' ', 'diff', map { s{^\Q$dir\E/?}{DIR/}r } @$args;
	is($run->{code}, $code, "$name: exit $code");
	is($run->{out}, '', "$name: stdout is empty");
	one_line($run, $pattern, $name);
}
{
	my $run = run('diff', '--help');
	is_deeply([@$run{qw(code err)}], [0, ''], 'diff --help');
	like($run->{out}, qr{\A  fineset diff }, '... shows an example first');
}
SKIP: {
	skip 'no /dev/full here', 2 unless -c '/dev/full';
	my $run = run('diff', '-q', $first, $second, { out => '/dev/full' });
	is($run->{code}, 74, 'a full disk behind stdout: exit 74');
	one_line($run, qr{stdout: cannot write: }, 'a full disk behind stdout');
}
SKIP: {
	skip 'valgrind needs room for temporary files itself', 2 if defined $ENV{MEMCHECK_PROGRAM};
	my $run = run('diff', '-q', '-', $first, { env => { TMPDIR => "$dir/absent" } });
	is($run->{code}, 66, 'no room for a copy of stdin: exit 66');
	one_line($run, qr{\Q$dir\E/absent: cannot create a temporary file}, 'no room for a copy of stdin');
}
{
	# Far more than a pipe holds, so that the writer meets its closed end.
	spew("$dir/long", map { row(sprintf '%064x', $_) } 1 .. 5000);
	spew("$dir/empty", '');
	my $run = run('diff', '-q', "$dir/empty", "$dir/long", { prefix => ['/bin/sh', '-c', '{ "$0" "$@"; echo "ended: $?" >&2; } | head -n 1'] });
	is($run->{out}, change('added', sprintf '%064x', 1), 'diff | head -1 gives one line');
	is($run->{err}, 'ended: ' . (128 + 13) . "\n", '... and ends by SIGPIPE, without a word');
}
{
	spew("$dir/plain", row('ab' x 32));
	spew("$dir/hostile", row('ab' x 32) =~ s/("title": ")/$1\xc2\x9b31m\x7f/r);
	my $run = run('diff', '-q', "$dir/plain", "$dir/hostile");
	like($run->{out}, qr/\\u009b31m\\u007f/, 'what a terminal acts on is shown');
	unlike($run->{out}, qr/[\x7f\x80-\xff]/, '... and not sent to it');
}
done_testing;
