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
# Thousands of fsyncs, and none of them is for what it does to a disk.
BEGIN { $ENV{TMPDIR} //= '/dev/shm' if -w '/dev/shm' }
use Fineset;
use JSON::PP;
use POSIX ();
use Test::More;
use Time::HiRes qw(time);

my $library = abs_path($ENV{FAULT} || 'build/tests/fault/fault.so');
my $ground = $dir = abs_path($dir);
# What bit rot leaves of a line.
my $damage = qq({"source":"arx\x00v"\n);
# With sanitizers a run takes ten times as long: the small world, ended at some of its calls, shows what they can find.
my $sanitized = $ENV{SAN} ? 1 : 0;
time_limit(900);
# No multiple of the runs of a point, or it is always the same one that is looked at.
leaks_in_one_of(7);

# How many points were tried, by action.
my %points;

# run_with(scenario, DIR, FAULT_... => ...): one run under the library.
sub run_with {
	my ($scenario, $target, %fault) = @_;
	my %env = (LD_PRELOAD => $library, FAULT_DIR => $target, FAULT_TRACE => "$dir/trace", %fault);
	unlink "$dir/trace";
	return run(@{ $scenario->{command}->($target) }, '-q', { env => \%env });
}

# The calls of the last run: [CALL, path below DIR]...  The two sources come in any order.
sub calls {
	my ($target) = @_;
	return -e "$dir/trace" ? map { chomp; [split m{ \Q$target\E/?}, $_, 2] } lines("$dir/trace") : ();
}

# What a power cut could undo of a run that made these calls, '' if nothing: before a rename all bytes are on the disk that were
# written, and all names but those beside it; at the end everything is.  The lock, and what is on its way out, need not last.
sub unsafe {
	my (%bytes, %names, @faults);
	for (@_) {
		my ($call, $path) = @$_;
		next if $path =~ m{^\.lock$|/\.old\b} || $path eq '' && $call eq 'mkdir' || $call =~ /^(?:unlink|rmdir|ftruncate)$/;
		my ($directory) = $path =~ m{^(?:(.*)/)?[^/]*$};
		$directory //= '';
		push @faults, map { "$path gets its name before $_ is on the disk" } sort keys %bytes, grep { $_ ne $directory } keys %names if $call eq 'rename';
		delete $bytes{$path} if $call =~ /^f(?:data)?sync$/;
		delete $names{$path} if $call eq 'fsync';
		$bytes{$path} = 1 if $call =~ /write|copy/;
		$names{$directory} = 1 if $call =~ /^(?:open|mkdir|symlink|rename)$/;
	}
	return join "\n", @faults, map { "$_ is not on the disk at the end" } sort keys %bytes, keys %names;
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
	return slurp("$snapshot/data.jsonl") =~ tr/\n// == $manifest->{records} ? '' : "$snapshot: another number of rows";
}

# What is wrong with a directory, '' if nothing.  Whatever has the name of a snapshot is whole, and latest is the old one or the new one.
sub directory_fault {
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

# What an audit says against a directory, '' if nothing.
sub audit_fault {
	my ($target) = @_;
	# Before the first snapshot stands there is nothing to audit; what sanitizers can find in an audit, other tests show.
	return '' if $sanitized || !-l "$target/latest";
	my $audit = run('audit', '-q', $target);
	return '' if $audit->{code} == 0 && $audit->{out} =~ /^(\d+) of \1 rows reproduce\n\z/;
	return "audit ends with $audit->{code}: $audit->{out}$audit->{err}";
}

# Whether the new snapshot stands.
sub published {
	my ($scenario, $target) = @_;
	my $link = readlink "$target/latest";
	return defined $link && $link ne ($scenario->{link} // '');
}

# Pages that a journal holds by its commits; a damaged one holds none.
sub pages {
	my ($journal) = @_;
	my $text = -e $journal ? slurp($journal) : '';
	return index($text, $damage) >= 0 ? 0 : scalar(() = $text =~ /^\{"commit":\{"[^\n]*\n/mg);
}

# How many requests are left to the next run.
sub requests_left {
	my ($scenario, $target) = @_;
	return 0 if published($scenario, $target);
	my $left = $scenario->{requests};
	for my $name (map { $scenario->{anew} ? "$_.next" : $_ } qw(arxiv semantic_scholar)) {
		$left -= pages("$target/sources/$name.jsonl");
		$left += pages("$scenario->{base}/sources/$name.jsonl") if defined $scenario->{base};
	}
	return $left;
}

# Names that a finished run does not leave behind.
sub leftovers {
	my ($target) = @_;
	return join ' ', grep { m{\.(?:tmp|new|old|next\.jsonl)$} } map { glob("$target/$_") } qw(* .* sources/* snapshots/* snapshots/.*);
}

# --- one point

# What is wrong after the same command has run once more, '' if nothing.
sub recovery_fault {
	my ($scenario, $target) = @_;
	my $left = requests_left($scenario, $target);
	# By which it is known in the log, where the other half is, and what a killed run has sent may come late.
	my $contact = "mailto:next.$$\@example.org";
	my $run = run(@{ $scenario->{command}->($target) }, '-q', { env => { FINESET_CONTACT => $contact } });
	my $asked = grep { index($_->{headers}{'user-agent'}, $contact) >= 0 } requests($scenario->{server});
	return "the next run ends with $run->{code}: $run->{err}" if $run->{code} != 0;
	# Asked to renew what it has renewed already, or for all of what it has got anew, a run asks once more.
	my $counted = $left > 0 || !$scenario->{renews};
	return "the next run asks $asked times, $left pages were left" if $counted && ($scenario->{damaged} ? $asked > $left : $asked != $left);
	return 'the next run comes to other bytes' if slurp("$target/latest/data.jsonl") ne $scenario->{new};
	return 'left behind: ' . leftovers($target) if leftovers($target) ne '';
	return directory_fault($scenario, $target) || audit_fault($target);
}

# Whether a line tells of a damaged line of a journal, or how many there were.
sub told_damage {
	my ($line) = @_;
	return $line =~ m{^fineset: \S+/sources/\w+\.jsonl: (?:line \d+|damaged lines left out): };
}

# How a run may end that was disturbed so, given what it left: '' or what is wrong.
sub end_fault {
	my ($action, $run, $call, $scenario, $target) = @_;
	my @said = grep { !told_damage($_) } split /\n/, $run->{err};
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
	return 'leaves an unfinished snapshot on the disk' if -e "$target/snapshots/.new";
	return 'says ' . @said . " lines: $run->{err}" if @said != 1;
	# A temporary file is told by its own name or by that of what it becomes.
	my $name = "$target/$call->[1]" =~ s/\.tmp$//r;
	$name =~ s{/$}{};
	return $said[0] =~ m{^fineset: \Q$name\E[^ ]*: .*\Q$reason\E$} ? '' : "does not name $name: $run->{err}";
}

# What is wrong with a run that is disturbed at one of its calls and with the run after it, in one line; '' if nothing.
sub point_fault {
	my ($scenario, $action, $at) = @_;
	my $target = "$dir/target";
	set_up($scenario, $target);
	my $run = run_with($scenario, $target, FAULT_AT => $at, FAULT_ACTION => $action);
	my $call = (calls($target))[ $at - 1 ];
	my $fault = end_fault($action, $run, $call, $scenario, $target) || directory_fault($scenario, $target)
	    || of_today($at, 3) && audit_fault($target) || recovery_fault($scenario, $target);
	return $fault ? "at $at, $call->[0] $call->[1]: $fault\n" : '';
}

# Try a scenario with a fault at each of its calls.
sub try_all {
	my ($scenario, @actions) = @_;
	my $server = $scenario->{server};
	my $target = "$dir/target";
	set_up($scenario, $target);
	requests($server);
	my $undisturbed = run_with($scenario, $target);
	is($undisturbed->{code}, 0, "$scenario->{name}: undisturbed") or diag($undisturbed->{err});
	is(join('', grep { !told_damage($_) } split /(?<=\n)/, $undisturbed->{err}), '', "$scenario->{name}: ... and silent");
	is(scalar(grep { told_damage($_) && /: line / } split /(?<=\n)/, $undisturbed->{err}), $scenario->{damaged} // 0, "$scenario->{name}: ... but for what is damaged");
	my @calls = calls($target);
	is(unsafe(@calls), '', "$scenario->{name}: ... nothing that a power cut could undo");
	$scenario->{requests} = requests($server);
	cmp_ok($scenario->{requests}, '>=', $scenario->{several} // 1, "$scenario->{name}: ... it asks for so many pages");
	$scenario->{new} = slurp("$target/latest/data.jsonl");
	is(leftovers($target), '', "$scenario->{name}: ... and leaves nothing behind");
	is(directory_fault($scenario, $target), '', "$scenario->{name}: ... whole");
	is(audit_fault($target), '', "$scenario->{name}: ... and what its sources make it");
	cmp_ok(scalar(@calls), '>', 30, "$scenario->{name}: the library counts");
	for my $action (@actions) {
		my $begun = time;
		my @at = grep { $action ne 'tear' || $calls[ $_ - 1 ][0] =~ /write/ } 1 .. @calls;
		# A few ends of a run are enough for what sanitizers can find; a full disk leads elsewhere at each call.
		@at = grep { of_today($_, $action eq 'enospc' ? 2 : 4) } @at if $sanitized;
		is(in_parallel(sub { point_fault($scenario, $action, @_) }, @at), '', "$scenario->{name}: $action at " . @at . ' points');
		$points{$action} += @at;
		note(sprintf '%s: %s: %d points in %.1f s', $scenario->{name}, $action, scalar @at, time - $begun);
	}
}

# --- the scenarios

# Two states of a world, four days apart, as servers: some papers are new, one in ten has a new version, one in three was cited.
sub two_worlds {
	my ($path) = @_;
	my @old = world_papers($path);
	my @new = world_papers($path);
	for my $at (grep { !is_new($old[$_]) } 0 .. $#old) {
		if ($at % 10 == 0) {
			push @{ $new[$at]{arxiv}{versions} }, '2026-06-21T12:00:00Z';
			$new[$at]{arxiv}{title} .= ', Revised';
		}
		$_->{citationCount}++ for $at % 3 ? () : @{ $new[$at]{s2} // [] };
	}
	my $writer = JSON::PP->new->utf8->canonical;
	spew("$path.old", map { $writer->encode($_) . "\n" } grep { !is_new($_) } @old);
	spew("$path.new", map { $writer->encode($_) . "\n" } @new);
	return map { server('--world', "$path.$_", '--lifetime', 1000) } qw(old new);
}

sub is_new {
	my ($paper) = @_;
	return $paper->{arxiv}{versions}[0] ge '2026-06-20';
}

# What a run begins with in a directory that a run at the old world has made, and what it is called with.
sub scenarios {
	my ($old, $new, $name) = @_;
	my $base = "$ground/base-" . $name =~ s/\W/-/gr;
	my $later = sub { ['build', $_[0], '--as-of', '2026-06-23', Fineset::options_to($new->{base})] };
	my $refresh = sub { my @more = @_; return sub { ['refresh', $_[0], '--as-of', '2026-06-23', Fineset::options_to($new->{base}), @more] } };
	mkdir $base or die;
	# One snapshot stays: the second build removes the first.
	spew("$base/topic.json", qq({"any": ["speculative decoding"], "keep": 1}\n));
	is(run('build', $base, '--as-of', '2026-06-19', '-q', Fineset::options_to($old->{base}))->{code}, 0, "$name: a base");
	my %begun = (base => $base, old => slurp("$base/latest/data.jsonl"), link => readlink "$base/latest", command => $later);
	return (
		{ name => "$name: a first build", server => $new,
			command => sub { ['build', $_[0], '--topic', 'speculative decoding', '--as-of', '2026-06-23', Fineset::options_to($new->{base})] } },
		{ name => "$name: a second build", server => $new, %begun },
		{ name => "$name: a refresh", server => $new, renews => 1, %begun, command => $refresh->() },
		{ name => "$name: a refresh in full", server => $new, anew => 1, renews => 1, %begun, command => $refresh->('--full') },
		{ name => "$name: a build of damaged journals", server => $new, damaged => 2, %begun, base => changed($base, 'damaged', sub {
			my ($name, $header, @rest) = @_;
			my ($at) = grep { $rest[$_] =~ /^\{"source"/ } 20 .. $#rest;
			$rest[$at] = $damage;
			return ($header, @rest);
		}) },
		{ name => "$name: a build with a journal to compact", server => $new, %begun, base => changed($base, 'superseded', sub {
			my ($name, $header, @rest) = @_;
			return ($header, $name eq 'arxiv' ? () : (grep { /^\{"source"/ } @rest) x 2, @rest);
		}) },
	);
}

# A copy of a directory with other journals.
sub changed {
	my ($base, $name, $change) = @_;
	system('cp', '-a', $base, "$base-$name") == 0 or die "cp: $?\n";
	for my $source (qw(arxiv semantic_scholar)) {
		my $journal = "$base-$name/sources/$source.jsonl";
		spew($journal, $change->($source, lines($journal)));
	}
	return "$base-$name";
}

sub short_world {
	my ($papers, $from) = @_;
	Fineset::generate_short("$ground/$papers", $papers, '2026-06-23', '--from', $from);
	return two_worlds("$ground/$papers");
}

{
	my @worlds = short_world(150, '2026-05-01');
	my ($first, $second, $refresh, $full, $damaged, $superseded) = scenarios(@worlds, 'one page');
	# The rest of first, refresh and full comes with several pages.
	try_all($_, $sanitized ? qw(enospc term kill) : qw(enospc eio term)) for $first, $refresh;
	try_all($_, $sanitized ? qw(enospc kill) : qw(enospc eio)) for $full;
	try_all($_, $sanitized ? qw(kill) : qw(enospc kill tear)) for $second, $damaged, $superseded;
	my @old = split /\n/, $second->{old};
	my @new = split /\n/, $second->{new};
	cmp_ok(scalar(@new), '>', scalar(@old), 'the second build finds what is new');
	cmp_ok(scalar(grep { /, Revised"/ } @new), '>', 0, '... and what was revised');
	ok($refresh->{new} eq $second->{new}, 'a refresh comes to what a build comes to');
	ok($full->{new} eq $second->{new}, '... also in full');
	ok($damaged->{new} eq $first->{new}, 'damaged journals are healed: no paper is lost');
	ok($superseded->{new} eq $second->{new}, 'what was superseded makes no difference');
	cmp_ok(-s "$ground/half.0/target/sources/semantic_scholar.jsonl", '<', 0.5 * -s "$superseded->{base}/sources/semantic_scholar.jsonl", '... and is gone');
	stop($_) for @worlds;
}
if (!$sanitized) {
	my @worlds = short_world(2100, '2026-01-01');
	my ($first) = scenarios(@worlds, 'pages of arXiv');
	try_all({ %$first, several => 6 }, qw(kill));
	stop($_) for @worlds;
	# The days that a refresh looks back to have more than one page.
	@worlds = short_world(1100, '2026-06-05');
	my (undef, undef, $refresh, $full) = scenarios(@worlds, 'several pages');
	try_all({ %$_, several => 5 }, qw(kill tear)) for $refresh, $full;
	stop($_) for @worlds;
}
# --- told to stop while the snapshot is being written
{
	my $server = server();
	my $scenario = { command => sub { ['build', $_[0], '--topic', 'speculative decoding', '--as-of', '2026-06-19', Fineset::options_to($server->{base})] } };
	my $target = "$ground/stopped";
	run_with($scenario, $target);
	my @calls = calls($target);
	my ($at) = grep { $calls[ $_ - 1 ][1] eq 'snapshots/.new/data.jsonl' } 1 .. @calls;
	remove_tree($target);
	my $command = $scenario->{command}->($target);
	my $run = run(@$command, { env => { LD_PRELOAD => $library, FAULT_DIR => $target, FAULT_AT => $at, FAULT_ACTION => 'term' } });
	is($run->{code}, 0, 'told to stop while the snapshot is written: it is finished');
	like($run->{err}, qr{^fineset: told to stop while the snapshot was being written; it stands$}m, '... and says so');
	is(snapshot_fault("$target/latest"), '', '... latest is whole');
	stop($server);
}
my $told = join ', ', map { "$points{$_} $_" } sort keys %points;
diag("runs were disturbed at so many points: $told");
cmp_ok($points{kill}, '>', $sanitized ? 80 : 200, $sanitized ? 'runs are killed at a quarter of the points' : 'a run is killed at every point');

done_testing;
