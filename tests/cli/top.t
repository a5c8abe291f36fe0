#!/usr/bin/perl
# `fineset top`: the best papers of a dataset, for a pipe, a window and a program.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use Test::More;

time_limit(120);
delete $ENV{COLUMNS};
my $server = server();
my $set = "$dir/set";
is(build($set, $server->{base})->{code}, 0, 'the demo world is built');
stop($server);
my @rows = sort {
	$b->{quality_score} <=> $a->{quality_score} || $b->{citation_count} <=> $a->{citation_count}
	    || ($b->{published_date} // '') cmp($a->{published_date} // '') || $a->{id} cmp $b->{id}
} rows("$set/latest/data.jsonl");
sub ids { return join ' ', map { $_->{id} } @_ }
sub top { return map { json($_) } split /\n/, run('top', $set, '--json', @_)->{out} }

is(ids(top()), ids(@rows[0 .. 19]), '--json: the 20 best rows');
is(ids(top('-n', 1000)), ids(@rows), '-n 1000: all of them, in order');
is(ids(top('-n', 3, '--filter', 'code', '--filter', 'category=cs.CL')),
	ids((grep { $_->{has_code} && grep { $_ eq 'cs.CL' } @{ $_->{categories} } } @rows)[0 .. 2]), 'filters: all must hold');
is(ids(top('-n', 1000, '--filter', 'score>=0.5')), ids(grep { $_->{quality_score} >= 0.5 } @rows), '--filter score>=0.5');
is(ids(top('-n', 1000, '--filter', 'text=SPECULATIVE')), ids(grep { $_->{title} =~ /speculative/i } @rows), '--filter text=WORDS');
my %line = map { $_ => 1 } lines("$set/latest/data.jsonl");
is(scalar(grep { !$line{$_} } split /(?<=\n)/, run('top', $set, '--json')->{out}), 0, 'a row of --json is a line of data.jsonl');

# --- a table
my $table = run('top', $set, '-n', 1000);
is("$table->{code}$table->{err}", '0', 'a table: exit 0');
my @lines = split /\n/, $table->{out};
like(shift @lines, qr/^score +cited +published +code +paper +title$/, '... with a head');
is(scalar(grep { $lines[$_] !~ /^\Q${\ sprintf '%.4f', $rows[$_]{quality_score}}\E +\Q$rows[$_]{citation_count}\E / } 0 .. $#rows), 0, '... and a line for each row');
unlike($table->{out}, qr/…|\e/, 'through a pipe titles are whole, and there are no links');
$table = run('top', $set, { env => { COLUMNS => 50 } });
is(scalar(grep { length($_) > 50 } map { utf8::decode(my $s = $_); $s } split /\n/, $table->{out}), 0, 'COLUMNS bounds it');
like($table->{out}, qr/\xe2\x80\xa6$/m, '... by cutting titles');

# --- a window
SKIP: {
	my ($script) = grep { -x } map { "$_/script" } split /:/, $ENV{PATH} // '';
	skip 'there is no script(1) here', 1 unless $script;
	my $window = sub {
		my ($columns, %env) = @_;
		my $run = finish(start([], command => [$script, '-qec', "stty cols $columns; exec '$Fineset::program' top '$set'", '/dev/null'], env => { TERM => 'xterm', %env }));
		is($run->{code}, 0, "in a window of $columns columns");
		return $run->{out};
	};
	my $out = $window->(64, NO_COLOR => 1);
	like($out, qr{\e\]8;;https://arxiv\.org/abs/[^\e]+\e\\[^\e]+\e\]8;;\e\\}, '... papers are links, without colours too');
	my @plain = map { utf8::decode(my $s = $_); $s } split /\r?\n/, $out =~ s/\e\]8;;[^\e]*\e\\//gr;
	is(scalar(@plain), 21, '... 20 papers');
	is(scalar(grep { length($_) > 64 } @plain), 0, '... that fit');
	unlike($window->(64, TERM => 'dumb'), qr/\e/, '... no links on a dumb terminal');
}

# --- bad calls
for my $case ([['--filter', 'stars>=5'], qr/^fineset: --filter: must be code, .*, got 'stars>=5'$/], [['-n', '0'], qr/^fineset: -n: must be a number of papers, 1 to 100000, got '0'$/],
	[['-n', 'x'], qr/^fineset: -n: must be .*, got 'x'$/], [[map { ('--filter', 'code') } 1 .. 17], qr/^fineset: --filter: at most 16 .*/], [['more'], qr/^fineset: top: wants one directory or file, got 2$/]) {
	my ($options, $error) = @$case;
	my $run = run('top', $set, @$options);
	is("$run->{code}$run->{out}", '64', "@$options[0 .. ($#$options > 1 ? 1 : $#$options)]: usage");
	like($run->{err}, qr/$error\n\z/m, '... in one line');
}
is(run('top', "$dir/nothing")->{code}, 66, 'no such input');
spew("$dir/bad.jsonl", (lines("$set/latest/data.jsonl"))[0], "no row\n");
my $bad = run('top', "$dir/bad.jsonl");
is($bad->{code}, 65, 'a line that is no row: bad data');
is(scalar(() = $bad->{out} =~ /\n/g), 2, '... the others are shown');
done_testing;
