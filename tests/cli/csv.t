#!/usr/bin/perl
# `fineset export --to csv`: a reader that is not ours gets every value of every real paper and of the worst rows back, and no
# cell that a spreadsheet would run.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Corpus;
use Fineset;
use Test::More;

time_limit(120);
my $missing = missing_modules('JSON::XS', 'Text::CSV_XS');
plan skip_all => "these are not here: $missing" if $missing;
my $json = JSON::XS->new->utf8;
my $rows = "$dir/rows.jsonl";
my ($hostile, $real) = corpus_rows($rows, $json);

my $csv = "$dir/data.csv";
my $export = run('export', $rows, '--to', 'csv', '-o', $csv);
is("$export->{code}$export->{out}$export->{err}", '0', 'the rows become a table');
my $text = slurp($csv);
is(scalar(() = $text =~ /\r\n/g), scalar(() = $text =~ /[\r\n]/g) / 2, 'lines end with CR LF, and no cell has either');
ok(is_valid_utf8($text), 'all of it is UTF-8');
undef $text;

# What a cell must hold: undef where nothing is known.
sub wanted {
	my ($value) = @_;
	return @$value ? join('; ', @$value) : undef if ref $value eq 'ARRAY';
	return $value ? 'true' : 'false' if ref $value;
	return $value;
}

my $reader = Text::CSV_XS->new({ binary => 1, strict => 1, eol => "\r\n", blank_is_undef => 1, auto_diag => 1 });
open my $in, '<:encoding(UTF-8)', $csv or die "$csv: $!";
is(join(' ', @{ $reader->getline($in) }), "@row_keys", 'the header names the fields in their order');
open my $lines, '<:raw', $rows or die "$rows: $!";
my ($count, @different, @runs) = (0);
while (my $cells = $reader->getline($in)) {
	my $row = $json->decode(scalar <$lines>);
	$count++;
	for my $i (0 .. $#row_keys) {
		my ($cell, $want) = ($cells->[$i], wanted($row->{ $row_keys[$i] }));
		push @runs, "row $count: $row_keys[$i]: $cell" if defined $cell && $cell =~ /^\s*[=+\-@\t\r\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]/;
		# The apostrophe that the README tells of.
		$cell =~ s/^'(?=[\s']*[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}])// if defined $cell;
		my $same = defined $cell == defined $want && (!defined $cell || $cell eq $want || ($row_keys[$i] eq 'quality_score' && $cell == $want));
		push @different, "row $count: $row_keys[$i]: " . ($cell // 'nothing') unless $same;
	}
}
ok($reader->eof, 'it is read to its end');
is(scalar(<$lines>), undef, "every row is there: $count");
is($count, 27029 + $hostile, '... 27,029 real ones among them') if $real;
is(join("\n", @different[0 .. ($#different > 4 ? 4 : $#different)]), '', 'every value comes back');
is(join("\n", @runs[0 .. ($#runs > 4 ? 4 : $#runs)]), '', 'no cell is a formula');

my $again = run('export', '-', '--to', 'csv', { stdin => $rows });
is($again->{code}, 0, 'from stdin to stdout');
ok($again->{out} eq slurp($csv), '... the same bytes');

# --- what -o names is no regular file
POSIX::mkfifo("$dir/pipe", 0600) or die "mkfifo: $!\n";
my $cat = fork // die "fork: $!\n";
if ($cat == 0) {
	alarm Fineset::slowly(60);
	exec 'sh', '-c', 'exec cat "$0" >"$1"', "$dir/pipe", "$dir/piped.csv" or POSIX::_exit(127);
}
is(run('export', $rows, '--to', 'csv', '-o', "$dir/pipe")->{code}, 0, '-o names a pipe');
waitpid $cat, 0;
ok(-p "$dir/pipe", '... which stays one');
same_bytes("$dir/piped.csv", $csv, '... and gives all of it');
mkdir "$dir/directory";
my $into = run('export', $rows, '--to', 'csv', '-o', "$dir/directory");
is($into->{code}, 73, '-o names a directory: exit 73');
one_line($into, qr{\Q$dir\E/directory: cannot write to: Is a directory}, '-o names a directory');
spew("$dir/old.csv", 'as it was');
symlink 'old.csv', "$dir/link.csv" or die "link: $!\n";
is(run('export', $rows, '--to', 'csv', '-o', "$dir/link.csv")->{code}, 0, '-o names a link');
is(readlink("$dir/link.csv"), 'old.csv', '... which stays');
same_bytes("$dir/old.csv", $csv, '... what it leads to is replaced');
is(join(' ', glob "$dir/*.tmp"), '', '... with nothing beside it');

# --- a file of another kind
my $prose = "$dir/prose.txt";
my $first = slurp($rows) =~ s/\n.*/\n/sr;
for my $case (['many lines', "prose\n" x 1000, 20], ['one line', "\nprose\n", 1]) {
	my ($why, $text, $told) = @$case;
	spew($prose, $text);
	for my $command (['export', $prose, '--to', 'csv', '-o', "$dir/none.csv"], ['top', $prose]) {
		my $run = run(@$command);
		is($run->{code}, 65, "$command->[0] of $why that are no rows");
		like($run->{err}, qr/\A(?:fineset: \S+: line \d+: [^\n]+\n){$told}fineset: \S+: no row in its first lines: expected rows as in data\.jsonl\n\z/,
			'... it is given up soon, and says why');
		is($run->{out}, '', '... and nothing comes out');
	}
}
ok(!-e "$dir/none.csv", '... not even a file');
spew($prose, "prose\n" x 19 . $first . "prose\n" x 30);
$again = run('export', $prose, '--to', 'csv');
is($again->{code}, 65, 'a row among lines that are none');
is(scalar(() = $again->{out} =~ /\r\n/g), 2, '... is not lost');
like($again->{err}, qr/: 49 lines are no rows and were left out\n\z/, '... and the others are counted');
done_testing;
