#!/usr/bin/perl
# Dataset directories that something has happened to: journals with damaged lines, files that were cut off, copies from elsewhere.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use Test::More;

my $server = server();
is(build("$dir/whole", $server->{base}, '-q')->{code}, 0, 'a build');
my $whole = slurp("$dir/whole/latest/data.jsonl");
requests($server);

# A copy of the directory in which a journal was changed by a function of its lines; the path of the journal.
sub copy {
	my ($name, $source, $change) = @_;
	system('cp', '-a', "$dir/whole", "$dir/$name") == 0 or die "cp: $?\n";
	my $journal = "$dir/$name/sources/$source.jsonl";
	spew($journal, $change->(lines($journal))) if $change;
	return $journal;
}

sub again { my ($name, @more) = @_; return run('build', "$dir/$name", '--as-of', '2026-06-19', Fineset::options_to($server->{base}), @more) }
sub asked { return join ' ', sort map { "$_->{api}.$_->{kind}" } requests($server) }

# heals(name, source, change, told, requests, how many records): the next run tells what is wrong, asks for it, and all is as it was.
sub heals {
	my ($why, $source, $change, $told, $want, $damaged) = @_;
	my $name = $why =~ s/ /-/gr;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $journal = copy($name, $source, $change);
	my $run = again($name);
	is($run->{code}, 0, "$name: exit 0");
	is(join("\n", $run->{err} =~ /^fineset: \Q$journal\E: (line .*)$/mg), $told, "$name: told once, with the line");
	is(asked(), $want, "$name: the source is asked again, and only that");
	is(slurp("$dir/$name/latest/data.jsonl"), $whole, "$name: no paper is lost");
	is(json(slurp("$dir/$name/last-run.json"))->{refused_lines}, $damaged, "$name: last-run.json counts it");
	my $next = again($name, '-q');
	is_deeply([@$next{qw(code err)}, asked()], [0, '', ''], "$name: the run after that has nothing to say or to ask");
	is(slurp("$dir/$name/latest/data.jsonl"), $whole, "$name: ... and comes to the same");
	is(join(' ', map { s{.*/}{}r } glob("$dir/$name/sources/*")), 'arxiv.jsonl semantic_scholar.jsonl', "$name: no other file is left");
}

heals('half a record', 'arxiv', sub { my @all = @_; substr $all[10], 40, length($all[10]) - 41, ''; @all }, 'line 11: line ends too early at byte 40', 'arxiv.search', 1);
heals('a flipped bit', 'semantic_scholar', sub { my @all = @_; substr $all[20], 2, 1, "\xf3"; @all }, 'line 21: not UTF-8 at byte 2', 's2.batch s2.bulk', 1);
heals('the record of an id_list', 'arxiv', sub { my @all = @_; $all[-2] = "\n"; @all }, 'line 89: line ends too early at byte 0', 'arxiv.id_list arxiv.search', 1);
heals('a damaged commit', 'arxiv', sub { my @all = @_; my ($at) = grep { $all[$_] =~ /^\{"commit"/ } 0 .. $#all; $all[$at] =~ s/^\{"commit":\{\K"(\w+)"/$1/; @all },
	'line 88: no key at byte 11', 'arxiv.search', 1);
heals('a line without end', 'semantic_scholar', sub { my @all = @_; $all[5] = 'x' x (17 << 20) . "\n"; @all }, 'line 6: longer than 16777216 bytes', 's2.batch s2.bulk', 1);
heals('a damaged header', 'arxiv', sub { my @all = @_; $all[0] =~ tr/{/[/; @all }, 'line 1: no object at byte 0; all that it held is asked for again', 'arxiv.id_list arxiv.search', 0);
heals('a journal of no bytes', 'arxiv', sub { '' }, '', 'arxiv.id_list arxiv.search', 0);
heals('a header that was cut off', 'semantic_scholar', sub { substr $_[0], 0, 9 }, '', 's2.batch s2.bulk', 0);

# --- the source of the damaged journal is down: what it held counts no less, but nothing is published without it
{
	copy('down', 'arxiv', sub { my @all = @_; $all[3] = "\n"; @all });
	my $down = server('--fault', 'arxiv:400:*');
	my $run = run('build', "$dir/down", '--as-of', '2026-06-20', Fineset::options_to($down->{base}));
	is($run->{code}, 69, 'damaged, and arXiv is down: exit 69');
	is(readlink("$dir/down/latest"), 'snapshots/2026-06-19', '... latest stays');
	stop($down);
	my $next = again('down', '-q');
	is_deeply([@$next{qw(code err)}], [0, ''], '... and the next run heals it');
	is(slurp("$dir/down/latest/data.jsonl"), $whole, '... to the last paper');
	requests($server);
}

# --- journals that another program has written: the same in other words
{
	my $escape = sub { map { s/"(?:source|fetched|updated|published|publication_date|arxiv_id|doi|dblp|paper_id)":"\K([^"\\])/sprintf '\u%04x', ord $1/ger } @_ };
	copy('rewritten', 'arxiv', $escape);
	my $other = "$dir/rewritten/sources/semantic_scholar.jsonl";
	spew($other, $escape->(lines($other)));
	my $run = again('rewritten', '-q');
	is_deeply([@$run{qw(code err)}, asked()], [0, '', ''], 'journals in other words: there is nothing to say or to ask');
	is(slurp("$dir/rewritten/latest/data.jsonl"), $whole, '... and the same comes of them');
}

# --- a copy that was made while a run held the lock, elsewhere
{
	copy('copied', 'arxiv');
	spew("$dir/copied/.lock", "process 1 on elsewhere, since 2026-06-19T03:00:00Z\n");
	mkdir "$dir/copied/snapshots/.new" or die;
	spew("$dir/copied/snapshots/.new/data.jsonl", 'half');
	symlink 'snapshots/2020-01-01', "$dir/copied/latest.tmp" or die;
	my $run = again('copied', '-q');
	is_deeply([@$run{qw(code err)}, asked()], [0, '', ''], 'a copy from elsewhere: nothing holds its lock');
	is(slurp("$dir/copied/latest/data.jsonl"), $whole, '... and it goes on');
	ok(!-l "$dir/copied/latest.tmp" && !-e "$dir/copied/snapshots/.new", '... what was in the making is gone');
}
stop($server);

done_testing;
