#!/usr/bin/perl
# make bench: that it still runs, on next to no data.  What it measures is nobody's pass or failure.
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use lib $FindBin::Bin;
use File::Basename qw(dirname);
use Fineset;
use Test::More;

my $build = dirname(abs_path($ENV{FINESET} || 'build/fineset'));
plan skip_all => 'the programs of the benchmark are not built' unless -x "$build/tests/bench/measure";

# Its own folder for what it makes: the benchmark's data stay as they are.
symlink "$build/$_", "$dir/$_" or die "$_: $!\n" for qw(fineset apiserver tests);
my $run = Fineset::finish(Fineset::start([], command => ['tests/bench/run', $dir],
    env => { BENCH_RECORDS => 1000, BENCH_RUNS => 1, BENCH_HUGE => '', BENCH_ROWS => 'merge shuffled growth scan atom publish audit parquet' }));
is($run->{code}, 0, 'it runs') or diag($run->{err});
like($run->{out}, qr/^1000 \+ 1000 records \(3\.\d MB\)/, 'it tells what it measured');
for my $row ('wall of `fineset merge`', 'its peak memory', 'growth of its time', 'growth of its memory', 'scanner alone', 'an Atom page of 2000 entries',
    'a publish of 485 papers', '`fineset audit`') {
	like($run->{out}, qr/^\| \Q$row\E[^|]*\| \d[^|]*\| <= /m, "a row for $row, measured and with its bar");
}
like($run->{out}, qr/^\| wall of `fineset merge` \/ `cp`, neighbouring lines[^|]*\| \d/m, 'a row for shuffled journals, measured');
like($run->{out}, qr/^\| `fineset export --to parquet`[^|]*\| \d/m, 'a row for Parquet, measured');
is(join(' ', grep { !/^bench: making/ } split /(?<=\n)/, $run->{err}), '', 'nothing else is said');

# The journals that it makes: 1.04 papers a record, and the same bytes each time.
my @inputs = map { "$dir/bench/data/1000.$_.jsonl" } qw(arxiv semantic_scholar);
my $merged = run('merge', @inputs, '--as-of', '2026-07-01');
like($merged->{err}, qr/\Afineset: 1960 source records are 1040 papers, 40 superseded, 0 DOIs in conflict; 1040 rows /, 'its records are the papers that they were made of');
my $both = () = $merged->{out} =~ /"sources": \["arxiv", "semantic_scholar"\]/g;
is($both, 910, '... 80 % of them joined by arXiv id, 10 % by DOI, 1 % by chains');
my @second = lines($inputs[1]);
is(scalar(grep { /\\u[0-9a-f]{4}/ } @second), 250, '... a quarter of Semantic Scholar\'s are written with escapes');
my $again = Fineset::finish(Fineset::start([], command => ["$build/tests/bench/generate", 'arxiv', 1000]));
ok($again->{out} eq slurp($inputs[0]), '... the same each time');
is(Fineset::finish(Fineset::start([], command => ["$build/tests/bench/generate", @$_]))->{code}, 64, "... not @$_")
    for ['arxiv', 150], ['arxiv', 1000, 'sorted'], ['scholar', 1000];

done_testing;
