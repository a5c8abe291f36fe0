#!/usr/bin/perl
# Runs that end at every call by which they change their directory: killed there, torn in the middle of a write, told to stop, or
# with the disk full or broken for that one call.  Whatever happened, `latest` is whole, and the same command then finishes the work.
use strict;
use warnings;
use utf8;
use Cwd qw(abs_path);
use Digest::SHA qw(sha256_hex);
use File::Path qw(remove_tree);
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use Test::More;
use Time::HiRes qw(time);

my $library = abs_path($ENV{FAULT} || 'build/tests/fault/fault.so');
my $ground = abs_path($dir);
# With sanitizers a run takes ten times as long: the small world shows what they can find.
my $sanitized = $ENV{SAN} ? 1 : 0;
time_limit($sanitized ? 900 : 300);

# run_with(scenario, DIR, {FAULT_...}): one run under the library.
sub run_with {
	my ($scenario, $target, %fault) = @_;
	my %env = (LD_PRELOAD => $library, FAULT_DIR => $target, FAULT_TRACE => "$ground/trace", %fault);
	unlink "$ground/trace";
	$env{ASAN_OPTIONS} = join ':', grep { length } $ENV{ASAN_OPTIONS} // '', 'verify_asan_link_order=0' if $sanitized;
	return run(@{ $scenario->{command}->($target) }, '-q', { env => \%env });
}

# The calls of the last run: [CALL, path below DIR]...  The two sources come in any order.
sub calls {
	my ($target) = @_;
	return -e "$ground/trace" ? map { chomp; [split m{ \Q$target\E/?}, $_, 2] } lines("$ground/trace") : ();
}

# A directory as the scenario begins with.
sub set_up {
	my ($scenario, $target) = @_;
	remove_tree($target);
	system('cp', '-a', $scenario->{base}, $target) == 0 or die "cp: $?\n" if defined $scenario->{base};
}

# --- what stands in the directory

# What is wrong with a snapshot, '' if nothing: its files are those that its manifest tells of.
sub snapshot_fault {
	my ($snapshot) = @_;
	my $manifest = eval { json(slurp("$snapshot/manifest.json")) } or return "$snapshot: no manifest";
	for my $name (sort keys %{ $manifest->{files} }) {
		my $text = eval { slurp("$snapshot/$name") } // return "$snapshot/$name: missing";
		return "$snapshot/$name: not what the manifest says"
		    if length $text != $manifest->{files}{$name}{bytes} || sha256_hex($text) ne $manifest->{files}{$name}{sha256};
	}
	return scalar(lines("$snapshot/data.jsonl")) == $manifest->{records} ? '' : "$snapshot: another number of rows";
}

# What is wrong with a directory, '' if nothing.  Whatever has the name of a snapshot is whole, and latest is the old one or the new one.
sub audit {
	my ($scenario, $target) = @_;
	my @faults = grep { length } map { snapshot_fault($_) } glob("$target/snapshots/2*");
	my $link = readlink "$target/latest";
	push @faults, 'latest is gone' if !defined $link && defined $scenario->{base};
	return join '; ', @faults if !defined $link;
	return join '; ', @faults, "latest leads to $link" if $link !~ m{^snapshots/2[^/]*$} || !-d "$target/$link";
	my $data = slurp("$target/$link/data.jsonl");
	push @faults, "latest is neither the old nor the new one" if $data ne $scenario->{new} && (!defined $scenario->{old} || $data ne $scenario->{old});
	return join '; ', @faults;
}

# Whether the new snapshot stands.
sub published {
	my ($scenario, $target) = @_;
	my $link = readlink "$target/latest";
	return defined $link && $link ne ($scenario->{link} // '');
}

# Pages that the journals hold by their commits.
sub committed {
	my ($target) = @_;
	return scalar grep { /^\{"commit":\{"/ && /\n\z/ } map { lines($_) } glob("$target/sources/*.jsonl");
}

# How many requests are left to the next run.
sub requests_left {
	my ($scenario, $target) = @_;
	return 0 if published($scenario, $target);
	my $before = !defined $scenario->{base} || ($scenario->{mends} && !grep { /\bdamaged\b/ } map { lines($_) } glob("$target/sources/*.jsonl")) ? 0 : committed($scenario->{base});
	my $done = committed($target) - $before;
	return $scenario->{requests} - ($done < 0 ? 0 : $done);
}

# Names that a finished run does not leave behind.
sub leftovers {
	my ($target) = @_;
	return join ' ', grep { m{\.(?:tmp|new|old|next\.jsonl)$|/\.(?:new|old)/?$} } map { s/ .*//r } split /\n/, listing($target);
}

# --- one point

# What is wrong after the same command has run once more, '' if nothing.
sub recovery_fault {
	my ($scenario, $target, $server) = @_;
	my $left = requests_left($scenario, $target);
	requests($server);
	my $run = run(@{ $scenario->{command}->($target) }, '-q');
	my $asked = requests($server);
	return "the next run ends with $run->{code}: $run->{err}" if $run->{code} != 0;
	return "the next run asks $asked times, $left pages were left" if $asked != $left;
	return 'the next run comes to other bytes' if slurp("$target/latest/data.jsonl") ne $scenario->{new};
	return 'left behind: ' . leftovers($target) if leftovers($target) ne '';
	return audit($scenario, $target);
}

# How a run may end that was disturbed so, given what it left: '' or what is wrong.
sub end_fault {
	my ($action, $run, $call, $scenario, $target) = @_;
	my @said = split /\n/, $run->{err};
	my $told = published($scenario, $target);
	if ($action eq 'kill' || $action eq 'tear') {
		return $run->{signal} == 9 ? '' : "ends with $run->{code} where it was to be killed";
	}
	if ($action eq 'term') {
		return '' if $run->{code} == 0 && $told;
		return $run->{code} == 75 && !$told ? '' : "ends with $run->{code}, published: " . ($told ? 'yes' : 'no');
	}
	my $reason = $action eq 'enospc' ? 'No space left on device' : 'Input/output error';
	return $told ? '' : 'ends with 0, but nothing was published' if $run->{code} == 0;
	return "ends with $run->{code}: $run->{err}" if $run->{code} != 73 && $run->{code} != 74;
	return 'says ' . @said . " lines: $run->{err}" if @said != 1;
	# A temporary file is told by its own name or by that of what it becomes.
	my $name = "$target/$call->[1]" =~ s/\.tmp$//r;
	$name =~ s{/$}{};
	return $run->{err} =~ m{^fineset: \Q$name\E[^ ]*: .*\Q$reason\E$}m ? '' : "does not name $name: $run->{err}";
}

# Try a scenario with a fault at each of its calls.
sub try_all {
	my ($scenario, $server, @actions) = @_;
	my $target = "$ground/target";
	set_up($scenario, $target);
	requests($server);
	my $undisturbed = run_with($scenario, $target);
	is($undisturbed->{code}, 0, "$scenario->{name}: undisturbed") or diag($undisturbed->{err});
	is($undisturbed->{err}, '', "$scenario->{name}: ... and silent");
	my @calls = calls($target);
	$scenario->{requests} = requests($server);
	$scenario->{new} = slurp("$target/latest/data.jsonl");
	is(leftovers($target), '', "$scenario->{name}: ... and leaves nothing behind");
	cmp_ok(scalar(@calls), '>', 30, "$scenario->{name}: the library counts");
	for my $action (@actions) {
		my ($points, $begun, @faults) = (0, time);
		for my $at (1 .. @calls) {
			next if $action eq 'tear' && $calls[ $at - 1 ][0] !~ /write/;
			set_up($scenario, $target);
			my $run = run_with($scenario, $target, FAULT_AT => $at, FAULT_ACTION => $action);
			my $call = (calls($target))[ $at - 1 ];
			$points++;
			my $fault = end_fault($action, $run, $call, $scenario, $target) || audit($scenario, $target) || recovery_fault($scenario, $target, $server);
			push @faults, "at $at, $call->[0] $call->[1]: $fault" if $fault;
		}
		is(join("\n", @faults), '', "$scenario->{name}: $action at each of $points points");
		$main::total += $points;
		note(sprintf '%s: %s: %d points in %.1f s', $scenario->{name}, $action, $points, time - $begun);
	}
}
our $total = 0;

# --- the scenarios

# Two states of a world, four days apart, as servers.
sub two_worlds {
	my ($path, @papers) = @_;
	spew("$path.old", grep { !/"versions": ?\["2026-06-2/ } @papers);
	spew("$path.new", @papers);
	return map { server('--world', "$path.$_", '--lifetime', 1000) } qw(old new);
}

# What a run begins with in a directory that a run at the old world has made, and what it is called with.
sub scenarios {
	my ($old, $new, $name) = @_;
	my $base = "$ground/base-" . $name =~ s/\W/-/gr;
	my $later = sub { ['build', $_[0], '--as-of', '2026-06-23', Fineset::options_to($new->{base})] };
	mkdir $base or die;
	# One snapshot stays: the second build removes the first.
	spew("$base/topic.json", qq({"any": ["speculative decoding"], "keep": 1}\n));
	is(run('build', $base, '--as-of', '2026-06-19', '-q', Fineset::options_to($old->{base}))->{code}, 0, "$name: a base");
	my %begun = (base => $base, old => slurp("$base/latest/data.jsonl"), link => readlink "$base/latest", command => $later);
	return (
		{ name => "$name: a first build", server => $new,
			command => sub { ['build', $_[0], '--topic', 'speculative decoding', '--as-of', '2026-06-23', Fineset::options_to($new->{base})] } },
		{ name => "$name: a second build", server => $new, %begun },
	);
}

my @demo = lines($world);
my @small = two_worlds("$ground/small", @demo);
for my $scenario (scenarios(@small, 'the demo world')) {
	try_all($scenario, $scenario->{server}, qw(enospc eio term), $sanitized ? qw(kill tear) : ());
}
stop($_) for @small;
if (!$sanitized) {
	Fineset::generate("$ground/big", 2100, '2026-06-23');
	# Short abstracts: it is the pages that count here.
	my @big = two_worlds("$ground/big", map { s/"abstract": ?"We study speculative decoding\.\K[^"]*//gr } lines("$ground/big"));
	for my $scenario (scenarios(@big, 'several pages')) {
		try_all($scenario, $scenario->{server}, qw(kill tear));
	}
	stop($_) for @big;
}
note("$total points");
cmp_ok($total, '>', 0, "runs were disturbed at $total points");

done_testing;
