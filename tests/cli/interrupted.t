#!/usr/bin/perl
# Runs that are killed when the new snapshot stands and the journals are not in their places yet, and what can be told of older
# snapshots later: an audit holds each against the sources that it was made from, or says that they are gone; never against others.
use strict;
use warnings;
use utf8;
use Cwd qw(abs_path);
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use JSON::PP;
use Test::More;

my $library = abs_path($ENV{FAULT} || 'build/tests/fault/fault.so');
my $ground = abs_path($dir);
my $writer = JSON::PP->new->utf8->canonical;

# The demo's world, and one in which nothing but digits are others: whatever is asked again comes to a journal of the same length.
spew("$ground/old", lines($world));
spew("$ground/new", map {
	my $paper = $_;
	$_->{citationCount} ^= 1 for @{ $paper->{s2} // [] };
	$writer->encode($paper) . "\n";
} world_papers());
my ($old, $new) = map { server('--world', "$ground/$_") } qw(old new);

# A dataset of the old world that was fetched the day before, in the same number of bytes.
sub dataset {
	my ($name) = @_;
	my $target = "$ground/$name";
	is(build($target, $old->{base}, '-q')->{code}, 0, "$name: a build");
	for my $file (glob("$target/sources/*.jsonl"), "$target/latest/manifest.json") {
		spew($file, map { s/"(?:last_)?fetched": ?"\K\d{4}-\d\d-\d\dT/2026-06-19T/gr } lines($file));
	}
	return $target;
}

sub refresh {
	my ($target, $as_of, $server, @more) = @_;
	my %how = ref $more[-1] ? %{ pop @more } : ();
	return run('refresh', $target, '--as-of', $as_of, Fineset::options_to($server->{base}), @more, \%how);
}

# The same, killed at the first call that changes a path.
sub killed_at {
	my ($path, $target, @how) = @_;
	my $copy = "$target-copy";
	my %env = (LD_PRELOAD => $library, FAULT_TRACE => "$ground/trace");
	unlink "$ground/trace";
	system('cp', '-a', $target, $copy) == 0 or die "cp: $?\n";
	refresh($copy, @how, { env => { %env, FAULT_DIR => $copy } });
	my @calls = lines("$ground/trace");
	my ($at) = grep { $calls[ $_ - 1 ] eq "rename $copy/$path\n" } 1 .. @calls;
	my $run = refresh($target, @how, { env => { %env, FAULT_DIR => $target, FAULT_ACTION => 'kill', FAULT_AT => $at // die "no rename of $path\n" } });
	is($run->{signal}, 9, "killed at $path");
	system('rm', '-r', $copy) == 0 or die "rm: $?\n";
}

# audits(NAME, SNAPSHOT...): each is held against its sources and reproduces.
sub audits {
	my ($name, @snapshots) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	for my $snapshot (@snapshots) {
		my $run = run('audit', $snapshot);
		is("$run->{code} $run->{err}", '0 ', "$name: $snapshot reproduces from its sources") or diag($run->{out});
	}
}

# Its rows are sound, and no more can be told.
sub is_alone {
	my ($name, $snapshot) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $run = run('audit', $snapshot);
	is($run->{code}, 0, "$name: no fault is found") or diag($run->{out});
	like($run->{err}, qr{\Afineset: \S+: its sources were rewritten since, so its rows are held against themselves only$}m, "$name: the sources are gone, which is told");
}

# --- all is asked again, and comes to the same number of bytes
{
	my $target = dataset('full');
	killed_at('sources/arxiv.jsonl', $target, '2026-06-20', $new, '--full');
	is(readlink("$target/latest"), 'snapshots/2026-06-20', '--full, killed before the journals take their places: the snapshot stands');
	audits('--full, killed before the journals take their places', $target, "$target/snapshots/2026-06-19");
	$target = dataset('full-half');
	killed_at('sources/semantic_scholar.jsonl', $target, '2026-06-20', $new, '--full');
	audits('--full, killed between the two', $target);
	is_alone('--full, killed between the two', "$target/snapshots/2026-06-19");
	is(refresh($target, '2026-06-21', $new, '-q')->{code}, 0, '... the next refresh');
	audits('... and then', $target);
	is_alone('... the first snapshot', "$target/snapshots/2026-06-19");
	is(join(' ', map { s{.*/}{}r } glob("$target/sources/*")), 'arxiv.jsonl semantic_scholar.jsonl', '... the journals are in their places');
}

# --- killed there, and then the sources are down: what came does not go again
{
	spew("$ground/grown", map { s/Accelerating/Hastening/gr } lines("$ground/new"));
	my $grown = server('--world', "$ground/grown");
	my $target = dataset('down');
	killed_at('sources/arxiv.jsonl', $target, '2026-06-20', $grown, '--full');
	my $titles = sub { join "\n", map { $_->{title} . $_->{citation_count} } rows("$target/latest/data.jsonl") };
	my $came = $titles->();
	my $down = server('--world', "$ground/grown", '--fault', 'arxiv:400:*', '--fault', 's2:400:*');
	is(refresh($target, '2026-06-21', $down, '-q')->{code}, 2, 'both are down the day after: exit 2');
	is(readlink("$target/latest"), 'snapshots/2026-06-21', '... a snapshot of that day');
	ok($titles->() eq $came, '... with what had come before');
	audits('... which', $target);
	stop($_) for $grown, $down;
}

# --- another topic, and back
{
	my $target = dataset('edited');
	my $topic = slurp("$target/topic.json");
	spew("$target/topic.json", $topic =~ s/speculative decoding/speculative sampling/gr);
	killed_at('sources/arxiv.jsonl', $target, '2026-06-20', $new);
	is(readlink("$target/latest"), 'snapshots/2026-06-20', 'an edited topic, killed before the journals take their places: the snapshot stands');
	audits('an edited topic, killed before the journals take their places', $target, "$target/snapshots/2026-06-19");
	is(refresh($target, '2026-06-21', $new, '-q')->{code}, 0, '... the next refresh');
	audits('... and then', $target, "$target/snapshots/2026-06-20");
	is_alone('... the first snapshot', "$target/snapshots/2026-06-19");
	spew("$target/topic.json", $topic);
	is(refresh($target, '2026-06-22', $new, '-q')->{code}, 0, '... back to the first topic');
	audits('... back to the first topic', $target);
	is_alone('... the first snapshot, of the same topic', "$target/snapshots/2026-06-19");
}

# --- a damaged line that had superseded another
{
	my $target = dataset('damaged');
	is(refresh($target, '2026-06-20', $new, '-q')->{code}, 0, 'a refresh');
	my $journal = "$target/sources/semantic_scholar.jsonl";
	ok((grep { /"position"/ } lines($journal)) == 0, '... after which the journal still holds what it superseded');
	my @lines = lines($journal);
	# Not the newest, whose time would tell.
	substr $lines[-9], 2, 1, "\xf3";
	spew($journal, @lines);
	killed_at('latest', $target, '2026-06-21', $new);
	is(readlink("$target/latest"), 'snapshots/2026-06-20', '... a run that mends it is killed before it publishes');
	is_alone('... a snapshot from before', $target);
}
stop($_) for $old, $new;

done_testing;
