#!/usr/bin/perl
# fineset merge: source records to rows.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use Test::More;

my $server = server();
is(build("$dir/demo", $server->{base})->{code}, 0, 'the demo world is built');
stop($server);
my @sources = map { "$dir/demo/sources/$_.jsonl" } qw(arxiv semantic_scholar);
my $data = slurp("$dir/demo/latest/data.jsonl");
my $rows = () = $data =~ /\n/g;

# --- the same rows as a build makes of the same sources
my $merged = run('merge', @sources, '--as-of', '2026-06-19');
is($merged->{code}, 0, 'the journals of a dataset are merged');
ok($merged->{out} eq $data, '... and give its data.jsonl byte for byte');
like($merged->{err}, qr/\Afineset: \d+ source records are \d+ papers, .*; $rows rows as of 2026-06-19\n/, '... one line tells how many');
is(run('merge', '-q', @sources, '--as-of', '2026-06-19')->{err}, '', '-q says nothing');
ok(run('merge', reverse(@sources), '--as-of', '2026-06-19')->{out} eq $data, 'the order of the files does not matter');

# --- what a run that was killed leaves of a page does not count, as in a build
for my $torn ('a whole record', 'half a record', 'more than is read at first') {
	my @lines = lines($sources[0]);
	my $journal = "$dir/torn.jsonl";
	my $new = $lines[1] =~ s/"title":"/"title":"Torn: /r =~ s/"version":\d+/"version":99/r;
	my @behind = $torn eq 'half a record' ? substr($new, 0, 99) : ($new) x ($torn eq 'a whole record' ? 1 : 2000);
	spew($journal, @lines, @behind);
	my $run = run('merge', $journal, $sources[1], '--as-of', '2026-06-19');
	is($run->{code}, 0, "behind the last commit, $torn: exit 0");
	ok($run->{out} eq $data, '... the rows are those of a build');
	my $bytes = length join '', @behind;
	like($run->{err}, qr{^fineset: \Q$journal\E: $bytes bytes behind the last commit left out, a page that was not finished$}m, '... which is told');
	ok(run('merge', '-', '--as-of', '2026-06-19', { stdin => "$dir/torn.jsonl" })->{out} =~ /"title": "Torn: /, '... and on stdin, which may be a journal and more') if $torn eq 'a whole record';
	spew($journal, grep { !/^\{"query"/ } @lines, $new);
	like(run('merge', $journal, '--as-of', '2026-06-19')->{out}, qr/"title": "Torn: /, '... in a file that is no journal every record counts') if $torn eq 'a whole record';
	spew($journal, $lines[0], $new);
	like(run('merge', $journal, '--as-of', '2026-06-19')->{out}, qr/"title": "Torn: /, '... and in one without a commit') if $torn eq 'a whole record';
}

# --- stdin, which cannot be read twice
my $all = "$dir/all.jsonl";
spew($all, map { slurp($_) } @sources);
ok(run('merge', '-', '--as-of', '2026-06-19', { stdin => $all })->{out} eq $data, 'from stdin');
ok(run('merge', $sources[0], '-', '--as-of', '2026-06-19', { stdin => $sources[1] })->{out} eq $data, 'one file and stdin');
my $piped = run('merge', '-', '--as-of', '2026-06-19', { prefix => ['sh', '-c', "cat '$all' | \"\$0\" \"\$@\""] });
ok($piped->{out} eq $data, 'from a pipe');

SKIP: {
	skip 'bash is not here, which names a pipe by <(...)', 1 unless grep { -x "$_/bash" } split /:/, $ENV{PATH};
	my $named = run('merge', '-q', '--as-of', '2026-06-19', { prefix => ['bash', '-c', "exec \"\$0\" \"\$@\" <(cat '$all')"] });
	ok($named->{out} eq $data, 'from a pipe by its name');
}

# --- as of a date
my ($newest) = map { $_->{published_date} } rows("$dir/demo/latest/data.jsonl");
my $day = substr $newest, 0, 10;
my $before = run('merge', @sources, '--as-of', '2026-06-10');
is($before->{code}, 0, 'as of an earlier day');
unlike($before->{out}, qr/"published_date": "\Q$day\E/, '... a later paper stays out');
like($before->{err}, qr/papers are left out, published after 2026-06-10/, '... which is told');

# --- bad lines
my @lines = lines($all);
my %both = map { /"arxiv_id":"([^"]+)"/ ? ($1 => 1) : () } lines($sources[1]);
my ($broken) = grep { $lines[$_] =~ /^\{"source":"arxiv",.*"arxiv_id":"([^"]+)"/ && $both{$1} } 0 .. $#lines;
$lines[$broken] = substr($lines[$broken], 0, 40) . "\n";
spew("$dir/bad.jsonl", @lines);
my $bad = run('merge', "$dir/bad.jsonl", '--as-of', '2026-06-19');
is($bad->{code}, 65, 'a damaged line is bad data');
like($bad->{err}, qr/^fineset: \Q$dir\E\/bad.jsonl: line @{[$broken + 1]}: /m, '... told with its line');
my $kept = () = $bad->{out} =~ /\n/g;
is($kept, $rows, '... the rest goes in, and Semantic Scholar still knows that paper');
is(run('merge', 'README.md')->{code}, 65, 'a file that holds no records at all');

# --- unknown keys are kept by nobody and refused by nobody
my @more = map { s/^\{"source"/{"invented":[1,{"a":null}],"source"/r } lines($all);
spew("$dir/more.jsonl", @more);
ok(run('merge', "$dir/more.jsonl", '--as-of', '2026-06-19')->{out} eq $data, 'unknown keys change nothing');

# --- usage
my $none = run('merge');
is($none->{code}, 64, 'no file');
one_line($none, qr/wants files of source records/, 'no file');
is(run('merge', '-', '-')->{code}, 64, 'stdin twice');
my $absent = run('merge', "$dir/absent.jsonl");
is($absent->{code}, 66, 'a file that is not there');
one_line($absent, qr/absent\.jsonl: cannot open/, 'a file that is not there');
is(run('merge', $dir)->{code}, 66, 'a directory');

SKIP: {
	skip 'there is no /dev/full here', 2 unless -c '/dev/full';
	my $full = run('merge', @sources, { out => '/dev/full' });
	is($full->{code}, 74, 'no room on stdout');
	like($full->{err}, qr/stdout: cannot write/, '... is told');
}
done_testing;
