#!/usr/bin/perl
# `fineset score`: rows scored again as of a date, everything else as it was.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use Test::More;

# A row with the five inputs of a score, in a spelling of its own; ${rest} stands behind them.
sub row {
	my ($rest, %with) = @_;
	my %input = (citation_count => 0, influential_citation_count => 0, has_code => 'false', venue => 'null',
	    published_date => '"2026-06-18T00:00:00"', %with);
	return '{' . join(', ', map { "\"$_\": $input{$_}" } grep { defined $input{$_} } sort keys %input) . "$rest}";
}

# Score this text as of 2026-06-19.
sub score {
	my ($text, @more) = @_;
	spew("$dir/in", $text);
	return run('score', "$dir/in", '--as-of', '2026-06-19', @more);
}

# --- published rows
my $server = server();
is(build("$dir/demo", $server->{base})->{code}, 0, 'the demo world is built');
stop($server);
my $data = "$dir/demo/latest/data.jsonl";
my @rows = rows($data);
{
	my $run = run('score', $data, '--as-of', '2026-06-19');
	is($run->{code}, 0, 'as of its own date: exit 0');
	ok($run->{out} eq slurp($data), '... gives the file back, byte for byte');
	is($run->{err}, "fineset: $data: " . @rows . " rows scored as of 2026-06-19, 0 scores changed, 0 lines refused\n", '... and says so');
	ok(run('score', '--as-of', '2026-06-19', { stdin => $data })->{out} eq slurp($data), 'without a file it reads stdin');
	ok(run('score', '-', '--as-of', '2026-06-19', { stdin => $data })->{out} eq slurp($data), '- is stdin');
	is(run('score', '-q', $data)->{err}, '', '-q: nothing on stderr');
}
for my $day (qw(2020-01-01 2026-08-18 2027-03-01 2031-12-31)) {
	my $run = run('score', $data, '--as-of', $day);
	spew("$dir/scored", $run->{out});
	my @scores = raw_scores("$dir/scored");
	is(join(' ', @scores), join(' ', map { score_text($_, $day) } @rows), "as of $day the scores are those of the formula");
	(my $rest = $run->{out}) =~ s/"quality_score": [0-9.]+\}$/"quality_score": }/mg;
	(my $before = slurp($data)) =~ s/"quality_score": [0-9.]+\}$/"quality_score": }/mg;
	ok($rest eq $before, '... and nothing else changed');
	my @old = raw_scores($data);
	my $changed = grep { $scores[$_] ne $old[$_] } 0 .. $#old;
	like($run->{err}, qr/ as of $day, $changed scores changed, 0 lines refused$/, "... of which $changed changed");
}
SKIP: {
	my $file = shared('fineset/rows.jsonl');
	skip 'the published rows are not here (fineset/rows.jsonl of the shared directory)', 1 unless $file;
	my $run = run('score', $file, '--as-of', '2026-06-19');
	ok($run->{out} eq slurp($file), 'the published rows as of 2026-06-19 come back byte for byte');
}
like(run('score', $data)->{err}, qr/ as of 20\d\d-\d\d-\d\d, /, 'without --as-of: as of today');

# --- spelling
for my $case (
	# why, line, what comes out
	['the score in the middle, other white space', "{ \"quality_score\" :0.9 ,\t" . substr(row(''), 1), "{ \"quality_score\" :0.35 ,\t" . substr(row(''), 1)],
	['CRLF', row(', "quality_score": 1') . "\r\n", row(', "quality_score": 0.35') . "\r\n"],
	['no newline at the end', row(', "quality_score": 0.35'), row(', "quality_score": 0.35')],
	['no score: it becomes the last key', row('') . "\n", row(', "quality_score": 0.35') . "\n"],
	['no score, white space and CRLF', '  ' . row(' ') . " \r\n", '  ' . row(' , "quality_score": 0.35') . " \r\n"],
	['a score that is a string', row(', "quality_score": "0.35"') . "\n", row(', "quality_score": 0.35') . "\n"],
	['a score that is null', row(', "quality_score": null') . "\n", row(', "quality_score": 0.35') . "\n"],
	['a score that is a list', row(', "quality_score": [1, "}"]') . "\n", row(', "quality_score": 0.35') . "\n"],
	['a key with escapes', row(', "quality\u005fscore": 0') . "\n", row(', "quality\u005fscore": 0.35') . "\n"],
	['unknown keys and spellings stay', row(', "x": {"quality_score": 7}, "quality_score": 0, "title": "\u00e9\/", "y": 1.50') . "\n",
		row(', "x": {"quality_score": 7}, "quality_score": 0.35, "title": "\u00e9\/", "y": 1.50') . "\n"],
	['blank lines', "\n" . row(', "quality_score": 0') . "\n \t\r\n\n", row(', "quality_score": 0.35') . "\n"],
	['a paper of the day after stays', row(', "quality_score": 0', published_date => '"2026-06-20T00:00:00"'), row(', "quality_score": 0.35', published_date => '"2026-06-20T00:00:00"')],
	['no date', row(', "quality_score": 0.35', published_date => 'null'), row(', "quality_score": 0.0', published_date => 'null')],
	['code and venue', row(', "quality_score": 0', has_code => 'true', venue => '"ACL"'), row(', "quality_score": 0.85', has_code => 'true', venue => '"ACL"')],
	['citations', row(', "quality_score": 0', citation_count => 99), row(', "quality_score": 0.5', citation_count => 99)],
	['influential citations', row(', "quality_score": 0', influential_citation_count => 99), row(', "quality_score": 1.0', influential_citation_count => 99)],
	['nothing at all', '', ''],
) {
	my ($why, $in, $out) = @$case;
	my $run = score($in);
	is($run->{code}, 0, "$why: exit 0");
	is($run->{out}, $out, "$why: scored, and nothing else changed");
	my $rows = $out eq '' ? 0 : 1;
	my $changed = $in eq $out ? 0 : 1;
	is($run->{err}, "fineset: $dir/in: $rows rows scored as of 2026-06-19, $changed scores changed, 0 lines refused\n", "$why: told");
}

# --- bad rows are told and left out, the others are scored
my $good = row(', "quality_score": 0.35') . "\n";
for my $case (
	# why, line, what is said behind `line 2: `
	['no JSON', 'x', 'no object at byte 0'],
	['a list', '[]', 'no object at byte 0'],
	['a key twice', row(', "venue": null'), 'duplicate key at byte 130'],
	['not UTF-8', row(", \"x\": \"\xff\""), 'not UTF-8 at byte 136'],
	['a count below 0', row('', citation_count => -1), "citation_count: must be an integer, 0 or more, got '-1'"],
	['a count that is text', row('', influential_citation_count => '"7"'), "influential_citation_count: must be an integer, 0 or more, got '7'"],
	['has_code of no kind', row('', has_code => 'null'), "has_code: must be true or false, got 'null'"],
	['an empty venue', row('', venue => '""'), "venue: must be a non-empty string without control characters, or null, got ''"],
	['a date that is none', row('', published_date => '"2026-02-30T00:00:00"'), "published_date: must be a date as YYYY-MM-DDT00:00:00, or null, got '2026-02-30T00:00:00'"],
	['no date key', row('', published_date => undef), 'published_date: the key is missing'],
	['a terminal escape', row('', venue => "[\"\x{7f}\xc2\x9b31m\"]"), "venue: must be a non-empty string without control characters, or null, got '[\"\\u007f\\u009b31m\"]'"],
) {
	my ($why, $line, $said) = @$case;
	my $run = score("$good$line\n$good");
	is($run->{code}, 65, "$why: exit 65");
	is($run->{out}, "$good$good", "$why: the other rows are scored");
	is($run->{err}, "fineset: $dir/in: line 2: $said\nfineset: $dir/in: 2 rows scored as of 2026-06-19, 0 scores changed, 1 lines refused\n", "$why: told");
}
{
	my $run = run('score', '-', '--as-of', '2026-06-19', { stdin => "$dir/in" });
	like($run->{err}, qr/\Afineset: stdin: line 2: /, 'stdin by name');
}

# --- the command line, the ends of the pipe
for my $case (
	# arguments, exit code, what is said
	[["$dir/absent"], 66, qr{\Q$dir\E/absent: .*No such file}],
	[[$dir], 66, qr{\Q$dir\E: not a regular file}],
	[["$dir/in", "$dir/in"], 64, qr{score: wants one file, got 2}],
	[['--as-of', '2026-02-30'], 64, qr{--as-of: .*'2026-02-30'}],
	[['--json'], 64, qr{--json}],
) {
	my ($args, $code, $pattern) = @$case;
	my $run = run('score', @$args);
	my $name = join ' ', 'score', map { s{^\Q$dir\E/?}{DIR/}r } @$args;
	is($run->{code}, $code, "$name: exit $code");
	is($run->{out}, '', "$name: stdout is empty");
	one_line($run, $pattern, $name);
}
{
	my $run = run('score', '--help');
	is_deeply([@$run{qw(code err)}], [0, ''], 'score --help');
	like($run->{out}, qr{\A  fineset score }, '... shows an example first');
}
SKIP: {
	skip 'no /dev/full here', 2 unless -c '/dev/full';
	my $run = run('score', '-q', $data, { out => '/dev/full' });
	is($run->{code}, 74, 'a full disk behind stdout: exit 74');
	one_line($run, qr{stdout: cannot write: }, 'a full disk behind stdout');
}
{
	# Far more than a pipe holds, so that the writer meets its closed end.
	spew("$dir/long", $good x 20000);
	my $run = run('score', '-q', "$dir/long", '--as-of', '2026-06-19', { prefix => ['/bin/sh', '-c', '{ "$0" "$@"; echo "ended: $?" >&2; } | head -n 1'] });
	is($run->{out}, $good, 'score | head -1 gives one row');
	is($run->{err}, 'ended: ' . (128 + 13) . "\n", '... and ends by SIGPIPE, without a word');
}
done_testing;
