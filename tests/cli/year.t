#!/usr/bin/perl
# A year in fast motion: a refresh a day over a world that grows, is revised and cited, loses papers, and answers badly on some
# days.  What the refreshes hold in the end is what a fresh build finds, but for the papers that the sources have dropped.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use JSON::PP;
use POSIX ();
use Test::More;
use Time::HiRes qw(time);

# With sanitizers a run takes ten times as long: two months show what they can find.
my $days = $ENV{SAN} ? 60 : 365;
my $first = POSIX::mktime(0, 0, 12, 19, 5, 126);
time_limit(900);
leaks_in_one_of(7);

# Numbers that are the same in every run.
my $state = 20260619;
sub random { my ($below) = @_; $state = ($state * 1103515245 + 12345) % 2**31; return int($state / 65536) % $below }

sub date { my ($day) = @_; return POSIX::strftime('%Y-%m-%d', gmtime($first + 86400 * $day)) }

# --- the world: papers, and on which day something of them changes

my $codec = JSON::PP->new->utf8->canonical;
my (@papers, %lines);

# A paper that arXiv got on one day and shows from another one on; to S2's search every twentieth is unknown.
sub add_paper {
	my ($day, $shown) = @_;
	my $number = @papers;
	my $date = date($day);
	my $id = substr($date, 2, 2) . substr($date, 5, 2) . sprintf '.%05d', 10000 + $number;
	my $hex = sprintf '%040x', 77_000_000 + $number;
	my $about = $number % 20 == 7 ? 'drafts' : 'speculative decoding';
	push @papers, {
		shown => $shown,
		arxiv => { id => $id, title => "Paper $number on speculative decoding", abstract => "Number $number studies speculative decoding.",
			authors => ["Author $number"], categories => ['cs.CL'], versions => [sprintf '%sT%02d:%02d:00Z', $date, random(24), random(60)],
			comment => undef, journal_ref => undef, doi => undef },
		s2 => [{ paperId => $hex, corpusId => 77_000_000 + $number, externalIds => { ArXiv => $id, CorpusId => 77_000_000 + $number },
			url => "https://www.semanticscholar.org/paper/$hex", title => "Paper $number on $about", abstract => undef, venue => '',
			year => 0 + substr($date, 0, 4), publicationDate => $date, citationCount => 0, influentialCitationCount => 0,
			fieldsOfStudy => ['Computer Science'], authors => [{ authorId => '1', name => "Author $number" }] }],
	};
}

add_paper(-600 + int($_ * 600 / 440), -600) for 0 .. 439;
my %dropped;
for (1 .. 5) { my $day = 20 + 60 * $_; add_paper($day - 2 - random(6), $day) }

# What happens on a day: new papers, new versions, citations, venues.
sub live {
	my ($day) = @_;
	my @here = grep { $papers[$_]{shown} <= $day } 0 .. $#papers;
	my @changed;
	if ($day % 9 == 0) { add_paper($day - 1, $day); push @changed, $#papers }
	if ($day % 6 == 1) {
		my $n = $here[random(scalar @here)];
		my $arxiv = $papers[$n]{arxiv};
		push @{ $arxiv->{versions} }, date($day - 1) . sprintf 'T%02d:30:00Z', random(24);
		$arxiv->{comment} = "Version @{[scalar @{ $arxiv->{versions} }]}. Code: https://github.com/lab/paper$n";
		push @changed, $n;
	}
	# Every seventh day is quiet.
	for ($day % 7 == 3 ? () : 1 .. 4) {
		my $n = $here[random(scalar @here)];
		my $s2 = $papers[$n]{s2} or next;
		$s2->[0]{citationCount} += 1 + random(9);
		$s2->[0]{influentialCitationCount}++ if random(5) == 0;
		$s2->[0]{venue} = 'Conference ' . random(9) if random(8) == 0;
		push @changed, $n;
	}
	# Papers that one source, the other, or both no longer have.
	if ($day % 40 == 25) {
		my $n = $here[random(scalar @here)];
		my $how = int($day / 40) % 3;
		$dropped{ $papers[$n]{arxiv}{id} } = 1;
		$papers[$n]{no_arxiv} = 1 if $how != 1;
		$papers[$n]{no_s2} = 1 if $how != 0;
		push @changed, $n;
	}
	delete @lines{@changed};
}

sub write_world {
	my ($path, $day) = @_;
	my @shown = grep { $papers[$_]{shown} <= $day } 0 .. $#papers;
	for my $n (grep { !defined $lines{$_} } @shown) {
		my %paper = map { $papers[$n]{"no_$_"} ? () : ($_ => $papers[$n]{$_}) } qw(arxiv s2);
		$lines{$n} = %paper ? $codec->encode(\%paper) . "\n" : '';
	}
	spew($path, map { $lines{$_} } @shown);
}

# --- days on which the sources answer badly: the faults, and how the run ends
my %bad = (
	10 => [0, 'arxiv:503:1-2'], 13 => [0, 's2:cut:1'], 17 => [0, 'arxiv:short:1'], 22 => [0, 'arxiv:unsorted:1'], 27 => [0, 'arxiv:zero:1', 's2:badjson:1'],
	30 => [2, 's2:503:*'], 31 => [2, 's2:503:*'], 32 => [2, 's2:429:*'], 45 => [2, 'arxiv:503:*'], 46 => [2, 'arxiv:html:*'], 54 => [2, 'arxiv:503:*', 's2:503:*'],
	80 => [0, 'arxiv:cutclose:1', 's2:500:1'], 99 => [0, 's2.batch:503:1'], 120 => [2, 'arxiv:zero:*'], 121 => [0, 'arxiv:empty:1'], 150 => [2, 's2:errorjson:*'],
	(map { $_ => [2, 's2:503:*'] } 200 .. 206), 243 => [0, 'arxiv:badxml:1'], 260 => [2, 'arxiv:reset:*'], 300 => [0, 'arxiv:unsorted:*'], 333 => [0, 's2:nobody:1'],
);
# Days on which what is held is compared with a fresh build: after bad ones, above all.
my %compared = map { $_ => 1 } grep { $_ < $days } 11, 33, 47, 55, 122, 151, 207, 301, $days - 1;

my $world_file = "$dir/world.jsonl";
my $data = "$dir/year";
my (%requests, @wrong, @loud);

sub serve { return server('--world', $world_file, map { ('--fault', $_) } @_) }

sub fresh {
	my ($target, $day) = @_;
	my $server = serve();
	my $run = build($target, $server->{base}, '-q', '--as-of', date($day));
	stop($server);
	return $run->{code};
}

# The rows of two snapshots that differ, dropped papers left out.
sub differing {
	my ($left, $right) = @_;
	my @rows = map { { map { /"arxiv_id": "([^"]*)"/ ? ($1 => $_) : () } lines("$_/latest/data.jsonl") } } $left, $right;
	my %ids = (%{ $rows[0] }, %{ $rows[1] });
	return grep { !$dropped{$_} && ($rows[0]{$_} // '') ne ($rows[1]{$_} // '') } sort keys %ids;
}

write_world($world_file, -1);
is(fresh($data, -1), 0, 'the first snapshot');
cmp_ok(scalar(lines("$data/latest/data.jsonl")), '>=', 440, 'of more than 440 papers');
my $begun = time;
for my $day (0 .. $days - 1) {
	live($day);
	write_world($world_file, $day);
	my ($want, @faults) = @{ $bad{$day} // [0] };
	my $server = serve(@faults);
	my $run = run('refresh', $data, '-q', '--as-of', date($day), Fineset::options_to($server->{base}));
	my @asked = requests($server);
	stop($server);
	push @wrong, "day $day: exit $run->{code}, wanted $want: $run->{err}" if $run->{code} != $want;
	push @loud, "day $day: $run->{out}$run->{err}" if $want == 0 && $run->{out} . $run->{err} ne '';
	if (!@faults && $day > 0 && !$bad{ $day - 1 }) {
		$requests{$_->{api}}{$day}++ for @asked;
	}
	if ($compared{$day}) {
		is(fresh("$dir/fresh.$day", $day), 0, "day $day: a fresh build");
		is(join(' ', differing($data, "$dir/fresh.$day")), '', "day $day: every row is that of a fresh build");
		my $audit = run('audit', '-q', $data);
		is($audit->{code}, 0, "day $day: the audit finds no fault") or diag($audit->{out}, $audit->{err});
	}
}
note(sprintf '%d days in %.1f s', $days, time - $begun);
is(join("\n", @wrong), '', 'each day ends as it should');
is(join("\n", @loud), '', 'and silently, where all is well');

# --- what it cost
for my $api (qw(arxiv s2)) {
	my @counts = sort { $a <=> $b } values %{ $requests{$api} };
	my $sum = 0;
	$sum += $_ for @counts;
	diag(sprintf '%s: %d requests on %d good days, %d to %d a day', $api, $sum, scalar @counts, @counts[0, -1]);
	cmp_ok($counts[-1], '<=', 2, "$api: a day costs at most 2 requests");
}

# --- in the end
my $last = $days - 1;
cmp_ok(scalar(keys %dropped), '>=', $days > 100 ? 8 : 1, 'papers were dropped meanwhile');
my @snapshots = glob("$data/snapshots/2*");
is(scalar(@snapshots), 7, 'as many snapshots as `keep` says');
for my $source (qw(arxiv semantic_scholar)) {
	my ($old, $new) = map { -s "$_/sources/$source.jsonl" } $data, "$dir/fresh.$last";
	cmp_ok($old, '<', 2.2 * $new + 300_000, "the journal of $source is compacted: $old bytes, $new in a fresh one");
}
my $server = serve();
my $full = run('refresh', $data, '-q', '--full', '--as-of', date($last), Fineset::options_to($server->{base}));
stop($server);
is($full->{code}, 0, 'refresh --full') or diag($full->{err});
same_bytes("$data/latest/data.jsonl", "$dir/fresh.$last/latest/data.jsonl", '... comes to every byte of a fresh build');
done_testing;
