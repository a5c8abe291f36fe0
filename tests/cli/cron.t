#!/usr/bin/perl
# cron/: the wrapper with a stub and with the real program, what it says at which exit code, and cron/install.  At the end,
# Debian's cron itself runs the shipped line: in a mount namespace of its own, so that no job of this machine runs and no
# crontab of anybody is touched.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cwd qw(abs_path);
use POSIX qw(strftime);
my $program;
BEGIN { $program = abs_path($ENV{FINESET} || 'build/fineset') }
use Fineset;
use Test::More;
use Time::HiRes qw(sleep time);

delete @ENV{qw(TZ CREDENTIALS_DIRECTORY LOGS_DIRECTORY XDG_CONFIG_HOME XDG_STATE_HOME), grep { /^FINESET/ } keys %ENV};
POSIX::tzset();
umask 022;
time_limit(600);
my $cron = abs_path('cron');
my $is_root = $> == 0;
my $me = getpwuid $>;
# One moment for all that is told of days, midnight or not; the wrapper is given it through a `date` of ours.
my $start = int time;
my $today = days_ago(0);
my $number = 0;

sub days_ago {
	my ($days) = @_;
	return strftime('%Y-%m-%d', gmtime($start - 86400 * $days));
}

sub write_script {
	my ($path, $text) = @_;
	spew($path, "#!/bin/sh\n$text");
	chmod 0755, $path or die "$path: $!\n";
	return $path;
}

sub command_there {
	my ($name) = @_;
	return grep { -x "$_/$name" } qw(/usr/sbin /usr/bin /sbin /bin);
}

# A command in an environment as poor as cron's: what finish() says.
sub poor {
	my ($command, %env) = @_;
	return finish(start_poor($command, %env));
}

sub start_poor {
	my ($command, %env) = @_;
	%env = (PATH => "$dir/clock:/usr/bin:/bin", %env);
	return start([], command => ['/usr/bin/env', '-i', (map { "$_=$env{$_}" } sort keys %env), @$command]);
}

# A configuration with these lines, and a log of its own: (path, log).
sub config {
	my @lines = @_;
	my $path = "$dir/env." . ++$number;
	my $log = "$dir/log.$number/refresh.log";
	unshift @lines, "FINESET_LOG=$log" unless grep { /^FINESET_LOG=/ } @lines;
	spew($path, map { "$_\n" } @lines);
	return ($path, $log);
}

mkdir "$dir/clock";
write_script("$dir/clock/date", "exec /bin/date -d \@$start \"\$@\"\n");

# What the stub was given: its arguments, and its environment.
my $stub = "$dir/stub";
my $seen = "$dir/seen";
sub stub {
	my ($text) = @_;
	write_script($stub, "{ for word; do printf '%s\\n' \"\$word\"; done; } >'$seen'\nenv >'$seen.env'\n$text\n");
}

sub run_note {
	my ($code, $ended, %source) = @_;
	my $sources = join ",\n", map { my ($status, $reason) = @{ $source{$_} // ['ok'] };
		qq(    "$_": {"status": "$status", "reason": ) . (defined $reason ? qq("$reason") : 'null') . ', "matched_total": 1, "missing": 0}' } qw(arxiv semantic_scholar);
	return qq({\n  "command": "refresh",\n  "started": "$ended",\n  "ended": "$ended",\n  "outcome": "word",\n  "exit_code": $code,\n  "sources": {\n$sources\n  }\n}\n);
}

# A dataset directory as far as the wrapper looks into it; each snapshot is [date, {source => [status, last fetched]}].
sub dataset {
	my ($name, $note, @snapshots) = @_;
	my $root = "$dir/$name";
	mkdir $_ for $root, "$root/snapshots";
	spew("$root/topic.json", "{}\n");
	spew("$root/last-run.json", $note) if defined $note;
	for (@snapshots) {
		my ($date, $sources) = @$_;
		mkdir "$root/snapshots/$date";
		spew("$root/snapshots/$date/manifest.json", qq({\n  "format": 1,\n  "snapshot_date": "$date",\n  "sources": {\n),
			join(",\n", map { my ($status, $fetched) = @{ $sources->{$_} // ['ok', $date] };
				qq(    "$_": {\n      "status": "$status",\n      "reason": null,\n      "last_fetched": ) . (defined $fetched ? qq("${fetched}T03:00:00Z") : 'null') . "\n    }" } qw(arxiv semantic_scholar)),
			qq(\n  },\n  "merge": {\n    "status": "noise"\n  }\n}\n));
		unlink "$root/latest";
		symlink "snapshots/$date", "$root/latest" or die "symlink: $!\n";
	}
	return $root;
}

# The paragraph: on stderr alone, no empty line in it.
sub paragraph {
	my ($run, $code, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is($run->{code}, $code, "$name: exit code $code is passed on");
	is($run->{out}, '', "$name: nothing on stdout");
	like($run->{err}, qr/\Afineset refresh did not go well on [^\n]+\(exit code $code\)\.\n(?:[^\n]+\n)+\z/, "$name: one paragraph");
	like($run->{err}, qr/^What to do: \S/m, "$name: what to do");
	like($run->{err}, qr/^The log is \//m, "$name: where the log is");
}

sub silent {
	my ($run, $code, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is("$run->{code} [$run->{out}$run->{err}]", "$code []", "$name: exit code $code, not a word");
}

sub refused {
	my ($run, $code, $pattern, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is($run->{code}, $code, "$name: exit code $code");
	like($run->{err}, qr/\A(?:fineset refresh|cron\/install): [^\n]+\n\z/, "$name: one line");
	like($run->{err}, $pattern, "$name: it names the culprit");
	is($run->{out}, '', "$name: nothing on stdout");
}

# --- Debian's cron gets its minute to wait while everything else is tested.
my $daemon = start_daemon();

sub start_daemon {
	return { skip => 'the cron daemon wants root' } unless $is_root;
	for (qw(cron crontab unshare mount)) {
		return { skip => "there is no command $_ here" } unless command_there($_);
	}
	return { skip => 'no mount namespace may be made here' } if system('unshare -m mount --make-rprivate / 2>/dev/null') != 0;
	my $server = server();
	my $target = "$dir/50% of Ida's \$papers";
	build($target, $server->{base})->{code} == 0 or return { skip => 'the dataset was not built' };
	my ($config, $log) = config("FINESET=$program", 'FINESET_DELAY=0', 'FINESET_MAX_TIME=60', 'FINESET_CONTACT=cron@example.org',
		"FINESET_ARXIV_URL=$server->{base}/api/query", "FINESET_S2_URL=$server->{base}/graph/v1",
		'FINESET_OPTIONS=--as-of 2026-06-20 --arxiv-interval 0 --s2-interval 0');
	requests($server);
	my $room = "$dir/room";
	mkdir $_ for $room, map { "$room/$_" } qw(spool cron.d run);
	spew("$room/empty", '');
	my $spool = '/var/spool/cron/crontabs';
	chown 0, (stat $spool)[5], "$room/spool";
	chmod 01730, "$room/spool";
	# The next minute that is not upon us yet.
	my $at = time + (time % 60 > 50 ? 120 : 60);
	write_script("$room/script", <<"END");
set -e
mount --make-rprivate /
mount --bind '$room/spool' $spool
mount --bind '$room/run' /run
for file in /etc/crontab /etc/anacrontab; do [ ! -e \$file ] || mount --bind '$room/empty' \$file; done
[ ! -e /etc/cron.d ] || mount --bind '$room/cron.d' /etc/cron.d
printf '# mine\\nMAILTO=""\\n' | crontab -
"\$@" >'$room/installed'
crontab -l >'$room/crontab'
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin cron -f
END
	return { server => $server, target => $target, log => $log, room => $room, started => time, at => $at,
		run => start([], env => { HOME => '/root', FINESET_UNIT_DIR => "$room/units" }, command => ['unshare', '-m', "$room/script", "$cron/install", '--at', strftime('%H:%M', localtime $at),
			'--config', $config, 'crontab', $target]) };
}

# --- all is well: silence, a log, and what the program gets
{
	my $set = dataset('a set', run_note(0, '2026-01-01T00:00:00Z'), [$today]);
	my $key = "$dir/key";
	spew($key, "SecretKey-0123456789\n");
	chmod 0600, $key;
	my ($config, $log) = config("FINESET=$stub", 'FINESET_CONTACT="you@example.org"', "FINESET_KEY_FILE=$key", '', '# a comment', 'FINESET_DELAY=0', "FINESET_OPTIONS=-v  --no-progress", "FINESET_DIR=$set");
	stub('echo "fineset: a word"; echo "fineset: another" >&2');
	silent(poor(["$cron/refresh", '--config', $config]), 0, 'all is well');
	is(slurp($seen), "refresh\n--max-time\n7200\n-v\n--no-progress\n$set\n", 'the arguments, a directory with a blank among them');
	my $env = slurp("$seen.env");
	like($env, qr/^S2_API_KEY=SecretKey-0123456789$/m, 'the key is in the environment of the program');
	like($env, qr/^FINESET_CONTACT=you\@example\.org$/m, '... and the contact address, freed of its quotes');
	like($env, qr/^HOME=./m, '... and a home, although cron gave none');
	like(slurp($log), qr/\A== \S+Z refresh \Q$set\E\nfineset: a word\nfineset: another\n== \S+Z exit code 0 after \d+ s\n\z/, 'the log tells of the run');
	unlike(slurp($log) . slurp($seen), qr/SecretKey/, 'the key is in neither the log nor the arguments');

	silent(poor(["$cron/refresh", '--config', $config, '--', "$dir/x", "$dir/y"]), 0, 'directories as arguments');
	like(slurp($seen), qr{\n\Q$dir\E/x\n\Q$dir\E/y\n\z}, '... stand instead of those of the configuration');

	# Trouble, and the key is still nowhere.
	stub('echo "fineset: Semantic Scholar: refuses the key" >&2; exit 77');
	my $run = poor(["$cron/refresh", '--config', $config]);
	paragraph($run, 77, 'the key is refused by the service');
	unlike($run->{err} . slurp($log), qr/SecretKey/, 'the key is in neither the paragraph nor the log');
	like($run->{err}, qr/\Q$key\E/, 'but its file is named');

	# --- key files
	stub('exit 0');
	for my $mode (0400, 0600) {
		chmod $mode, $key;
		silent(poor(["$cron/refresh", '--config', $config]), 0, sprintf 'a key file of mode %04o', $mode);
	}
	for my $mode (0640, 0604, 0620, 0602, 0644, 0660, 0700, 0666) {
		chmod $mode, $key;
		unlink $seen;
		my $run = poor(["$cron/refresh", '--config', $config]);
		refused($run, 77, qr/\Q$key\E: the key file can be read by others: chmod 600/, sprintf 'a key file of mode %04o', $mode);
		ok(!-e $seen, '... and the program was not run');
	}
	like(slurp($log), qr/refused, exit code 77: /, '... and the log knows');
	chmod 0600, $key;
	SKIP: {
		skip 'only root can give a file away', 4 unless $is_root;
		chown 65534, 65534, $key;
		refused(poor(["$cron/refresh", '--config', $config]), 77, qr/must belong to root/, 'a key file of somebody else');
		chown 0, 0, $key;
	}
	my @contents = (['', 'empty'], ["\n", 'an empty line'], ["two words\n", 'two words'], ["tab\there\n", 'a tab'], ["\x{1b}[1m\n", 'an escape']);
	for (@contents) {
		my ($text, $why) = @$_;
		spew($key, $text);
		my $run = poor(["$cron/refresh", '--config', $config]);
		refused($run, 77, qr/wants the key on its first line/, "a key file with $why");
		unlike($run->{err}, qr/two words|tab|\e/, '... and nothing of it is shown');
	}
	spew($key, "with-cr\r\n");
	silent(poor(["$cron/refresh", '--config', $config]), 0, 'a key with CR LF');
	like(slurp("$seen.env"), qr/^S2_API_KEY=with-cr$/m, '... arrives without them');
	rename $key, "$key.real";
	refused(poor(["$cron/refresh", '--config', $config]), 77, qr/no such key file/, 'no key file');
	mkdir "$dir/credentials";
	spew("$dir/credentials/s2-api-key", "from-systemd\n");
	silent(poor(["$cron/refresh", '--config', $config], CREDENTIALS_DIRECTORY => "$dir/credentials"), 0, 'a key that systemd hands over');
	like(slurp("$seen.env"), qr/^S2_API_KEY=from-systemd$/m, '... comes before the file');
}

# --- the configuration is read, not run
{
	my $set = dataset('set', run_note(0, '2026-01-01T00:00:00Z'), [$today]);
	stub('exit 0');
	my ($config) = config("FINESET=$stub", 'FINESET_DELAY=0', "FINESET_CONTACT=\$(touch $dir/ran) `touch $dir/ran`; touch $dir/ran \$HOME *");
	silent(poor(["$cron/refresh", '--config', $config, $set]), 0, 'a configuration with shell in it');
	ok(!-e "$dir/ran", 'nothing of it was run');
	like(slurp("$seen.env"), qr/^FINESET_CONTACT=\$\(touch \Q$dir\E\/ran\) `touch [^`]+`; touch \S+ \$HOME \*$/m, 'nothing of it was expanded');

	my @bad = (
		['FINESET_CONTAKT=x', qr/line 2: unknown key 'FINESET_CONTAKT'/],
		['PATH=/tmp', qr/line 2: unknown key 'PATH'/],
		['LD_PRELOAD=/tmp/x', qr/line 2: unknown key/],
		['export FINESET_CONTACT=x', qr/line 2: unknown key 'export FINESET_CONTACT'/],
		['words', qr/line 2: wants KEY=VALUE/],
		['S2_API_KEY=secret', qr/line 2: a key belongs into a file of its own/],
		['FINESET_DELAY=-1', qr/line 2: FINESET_DELAY: wants a whole number, got '-1'/],
		['FINESET_DELAY=', qr/whole number, got ''/],
		['FINESET_MAX_TIME=1h', qr/whole number, got '1h'/],
		['FINESET_LOG_KEEP=08', qr/whole number, got '08'/],
		['FINESET_LOG_BYTES=99999999999999999999', qr/whole number/],
		['FINESET_DIR=relative', qr/line 2: FINESET_DIR: wants an absolute path, got 'relative'/],
		['FINESET_KEY_FILE=~/key', qr/absolute path, got '~\/key'/],
	);
	for (@bad) {
		my ($line, $pattern) = @$_;
		unlink $seen;
		my $run = poor(["$cron/refresh", '--now', '--config', (config($line))[0], $set]);
		refused($run, 78, $pattern, $line);
		unlike($run->{err}, qr/secret/, '... and no key in the message');
		ok(!-e $seen, '... and the program was not run');
	}
	refused(poor(["$cron/refresh", '--config', (config('FINESET_DELAY=0'))[0]]), 64, qr/no directory/, 'no directory at all');
	refused(poor(["$cron/refresh", '--config', "$dir/absent", $set]), 78, qr/absent: no such file/, 'no such configuration');
	refused(poor(["$cron/refresh", '--config', $dir, $set]), 78, qr/not a file/, 'a directory as configuration');
	refused(poor(["$cron/refresh", '--colour']), 64, qr/usage/, 'an option that is none');
	refused(poor(["$cron/refresh", '--now', '--config', (config("FINESET=$dir/absent"))[0], $set]), 78, qr/no program fineset at \Q$dir\E\/absent/, 'no such program');
	for my $mode (0664, 0646) {
		my ($open) = config("FINESET=$stub");
		chmod $mode, $open;
		refused(poor(["$cron/refresh", '--now', '--config', $open, $set]), 78, qr/others may write it/, sprintf 'a configuration of mode %04o', $mode);
	}
	SKIP: {
		skip 'only root can give a file away', 4 unless $is_root;
		my ($strange) = config("FINESET=$stub");
		chown 65534, 65534, $strange;
		refused(poor(["$cron/refresh", '--now', '--config', $strange, $set]), 78, qr/belongs to somebody else/, 'a configuration of somebody else');
	}
	my ($dos) = config("FINESET=$stub\r", "FINESET_CONTACT='a b'\r", "FINESET_DELAY=0\r");
	spew($dos, slurp($dos), "FINESET_DIR=$set");
	silent(poor(["$cron/refresh", '--config', $dos]), 0, 'CR LF, single quotes, a last line without an end');
	like(slurp("$seen.env"), qr/^FINESET_CONTACT=a b$/m, '... and the value is right');

	mkdir $_ for "$dir/home", "$dir/home/.config", "$dir/home/.config/fineset";
	spew("$dir/home/.config/fineset/env", "FINESET=$stub\nFINESET_DELAY=0\nFINESET_DIR=$set\nFINESET_DIR=/another one\nFINESET_LOG=$dir/home/log\n");
	silent(poor(["$cron/refresh"], HOME => "$dir/home"), 0, 'the configuration of the user, nothing named');
	like(slurp($seen), qr{\n\Q$set\E\n/another one\n\z}, 'several directories from it');
	SKIP: {
		skip 'root has its log in /var/log', 2 if $is_root;
		spew("$dir/home/.config/fineset/env", "FINESET=$stub\nFINESET_DELAY=0\nFINESET_DIR=$set\n");
		silent(poor(["$cron/refresh"], HOME => "$dir/home"), 0, 'no log named');
		ok(-s "$dir/home/.local/state/fineset/refresh.log", '... it is where state belongs');
	}
	spew("$dir/home/.config/fineset/env", "FINESET=$stub\nFINESET_DELAY=0\nFINESET_DIR=$set\n");
	silent(poor(["$cron/refresh"], HOME => "$dir/home", LOGS_DIRECTORY => "$dir/home/logs"), 0, 'systemd names a place for the log');
	ok(-s "$dir/home/logs/refresh.log", '... which is taken');
	my ($example) = config(split /\n/, slurp("$cron/env.example") =~ s/^#(?=[A-Z_]+=)//mgr =~ s/^FINESET_(?:LOG|KEY_FILE)=.*\n//mgr =~ s/^FINESET=.*/FINESET=$stub/mr);
	silent(poor(["$cron/refresh", '--now', '--config', $example]), 0, 'the example, all of its lines in force');
	like(slurp($seen), qr{\A[^/]*\n-v\n/srv/papers/specdec\n\z}, '... is understood');
	# As `make install` lays it out.
	mkdir $_ for map { "$dir/prefix$_" } '', '/bin', '/share', '/share/fineset', '/share/fineset/cron';
	write_script("$dir/prefix/bin/fineset", "echo beside >'$dir/beside'\n");
	write_script("$dir/prefix/share/fineset/cron/refresh", slurp("$cron/refresh"));
	silent(poor(["$dir/prefix/share/fineset/cron/refresh", '--now', '--config', (config())[0], $set]), 0, 'installed, the program beside it');
	ok(-e "$dir/beside", '... which is the one that runs');
	is(poor(["$cron/refresh", '--help'])->{code}, 0, '--help');
	like(poor(["$cron/refresh", '--help'])->{out}, qr/\AUsage: refresh .*--now leaves out/s, '... shows how it is used');
}

# --- the log is bounded
{
	my $set = "$dir/set";
	my ($config, $log) = config("FINESET=$stub", 'FINESET_LOG_BYTES=300', 'FINESET_LOG_KEEP=3');
	for my $turn (1 .. 12) {
		stub("echo 'fineset: turn $turn of twelve, with a sentence that is so long that a few of them fill the log' >&2");
		silent(poor(["$cron/refresh", '--now', '--config', $config, $set]), 0, "turn $turn");
	}
	my $folder = $log =~ s{/[^/]+$}{}r;
	opendir my $in, $folder or die "$folder: $!\n";
	is(join(' ', sort grep { !/^\./ } readdir $in), 'refresh.log refresh.log.1 refresh.log.2 refresh.log.3', 'three old logs, no more');
	my @turns = map { my $text = slurp($_); $text =~ /turn (\d+) of/g } "$log.3", "$log.2", "$log.1", $log;
	is(join(' ', @turns), join(' ', 13 - @turns .. 12), 'newest last, nothing lost in between');
	is(scalar(grep { -s $_ > 700 } $log, map { "$log.$_" } 1 .. 3), 0, 'each is bounded');
	($config, $log) = config("FINESET=$stub", 'FINESET_LOG_BYTES=1', 'FINESET_LOG_KEEP=0');
	silent(poor(["$cron/refresh", '--now', '--config', $config, $set]), 0, 'none is kept') for 1, 2;
	ok(-s $log && !-e "$log.1", '... so there is the last one alone');
	($config) = config("FINESET=$stub", "FINESET_LOG=$dir/a-folder");
	mkdir "$dir/a-folder";
	unlink $seen;
	refused(poor(["$cron/refresh", '--now', '--config', $config, $set]), 73, qr/a-folder: cannot write the log/, 'a log that cannot be');
	ok(!-e $seen, '... and the program was not run');
}

# --- the delay
{
	my $set = "$dir/set";
	stub('exit 0');
	mkdir "$dir/bin";
	write_script("$dir/bin/sleep", "echo \"\$1\" >>'$dir/slept'\n");
	my ($config) = config("FINESET=$stub", 'FINESET_DELAY=3');
	my %path = (PATH => "$dir/bin:/usr/bin:/bin");
	silent(poor(["$cron/refresh", '--config', $config, $set], %path), 0, 'after a delay') for 1 .. 24;
	my %slept = map { $_ => 1 } split /\n/, slurp("$dir/slept");
	is(join(' ', grep { !/^[0-3]$/ } keys %slept), '', 'a delay within its bound');
	cmp_ok(scalar keys %slept, '>', 1, '... and not always the same');
	unlink "$dir/slept";
	silent(poor(["$cron/refresh", '--now', '--config', $config, $set], %path), 0, '--now');
	silent(poor(["$cron/refresh", '--config', (config("FINESET=$stub", 'FINESET_DELAY=0'))[0], $set], %path), 0, 'a delay of 0');
	ok(!-e "$dir/slept", '... neither waits');
	silent(poor(["$cron/refresh", '--config', (config("FINESET=$stub"))[0], $set], %path), 0, 'no delay named');
	chomp(my $long = slurp("$dir/slept"));
	cmp_ok($long, '<=', 1800, '... half an hour at most');

	# Told to stop: while waiting, and while running.
	write_script("$dir/bin/sleep", "echo >'$dir/asleep'\nexec /bin/sleep 100\n");
	unlink $seen;
	my $run = start_poor(["$cron/refresh", '--config', $config, $set], %path);
	wait_for(sub { -e "$dir/asleep" });
	kill 'TERM', $run->{pid};
	silent(finish($run), 75, 'told to stop while it waits');
	ok(!-e $seen, '... and the program was not run');
	stub("trap 'echo fineset: told to stop >&2; exit 75' TERM\necho >'$dir/awake'\nwhile :; do /bin/sleep 0.05; done");
	$run = start_poor(["$cron/refresh", '--now', '--config', $config, dataset('stopped', run_note(0, days_ago(9) . 'T00:00:00Z'), [days_ago(9)])], %path);
	wait_for(sub { -e "$dir/awake" });
	kill 'TERM', $run->{pid};
	my $end = finish($run);
	paragraph($end, 75, 'told to stop while it runs');
	like($end->{err}, qr/^  fineset: told to stop$/m, '... the program ended by itself');
}

sub wait_for {
	my ($done, $seconds) = @_;
	my $until = time + ($seconds // 30);
	sleep 0.05 while !$done->() && time < $until;
	return $done->();
}

# --- the paragraph for each exit code
{
	my $old = days_ago(5);
	my $set = dataset('old', run_note(0, "${old}T03:00:00Z"), [$old]);
	my ($config, $log) = config("FINESET=$stub");
	my @codes = (
		[2, 'a source or the push to the Hub failed or was cut short, the rest was published', 'nothing on the first day'],
		[64, 'an option or a date is wrong', "FINESET_OPTIONS in \Q$config\E"],
		[65, 'bad data', 'refresh --full DIR'],
		[66, 'there is no such dataset', 'is the disk mounted'],
		[69, 'a source could not be reached, nothing was published', 'nothing at first: the old snapshot stands'],
		[70, 'a bug of its own', 'report it'],
		[73, 'could not be created', 'free space'],
		[74, 'could not be written', 'free space'],
		[75, 'another run holds the lock, the time was out, or arXiv wants us to come later', 'raise FINESET_MAX_TIME \(now 7200 s\)'],
		[77, 'the Semantic Scholar key was refused', 'a valid key into a file that FINESET_KEY_FILE names'],
		[78, 'topic\.json is wrong', 'correct topic\.json'],
		[127, 'could not be run', 'built for this machine'],
		[99, 'does not know', 'look at the log'],
	);
	for (@codes) {
		my ($code, $meaning, $advice) = @$_;
		stub("for i in 1 2 3 4 5 6 7; do echo \"fineset: word \$i of $code\" >&2; done\nexit $code");
		my $run = poor(["$cron/refresh", '--now', '--config', $config, $set]);
		paragraph($run, $code, "exit code $code");
		like($run->{err}, qr/\A[^\n]*$meaning/, '... what failed');
		like($run->{err}, qr/^What to do: [^\n]*$advice/m, '... what to do');
		like($run->{err}, qr/^\Q$set\E: the data is of $old, 5 days old\. This run left no note; the one before ended ${old}T03:00:00Z with exit code 0\.$/m, '... since when');
		like($run->{err}, qr/^  fineset: word 3 of $code\n.*^  fineset: word 7 of $code\n/ms, '... the last words');
		unlike($run->{err}, qr/word 2 of|word \d of (?!$code)/, '... and no more of them, and none of another run');
		like(slurp($log), qr/exit code $code after \d+ s\n\z/, '... and the log has it');
	}
	stub('kill -9 $$');
	my $run = poor(["$cron/refresh", '--now', '--config', $config, $set]);
	paragraph($run, 137, 'killed');
	like($run->{err}, qr/killed by signal 9 .*out of memory, perhaps/s, '... by which signal, and why perhaps');
	unlike($run->{err}, qr/last words/, '... no words, no heading for them');
	write_script("$dir/no-interpreter", '');
	spew("$dir/no-interpreter", "#!$dir/absent\n");
	is(poor(["$cron/refresh", '--now', '--config', (config("FINESET=$dir/no-interpreter"))[0], $set])->{code}, 127, 'a program that does not start');
}

# --- since when, told from what the run left behind
{
	my $now = "$dir/note";
	# The note of this very run: it ends in a moment, so the stub writes the time.
	my $leave = sub {
		my ($set, $code, %source) = @_;
		spew($now, run_note($code, 'NOW', %source));
		stub("sed \"s/NOW/\$(date -u +%Y-%m-%dT%H:%M:%SZ)/\" '$now' >'$set/last-run.json'\necho 'fineset: Semantic Scholar: search, from 0: HTTP 503; asking again in 0.4 s (try 6)' >&2\n"
			. "echo 'fineset: $set/snapshots/$today: 90 papers (83 from both)' >&2\necho 'fineset:   arXiv  86 matched' >&2\nexit $code");
	};
	my ($config) = config("FINESET=$stub");
	my @ok = (arxiv => ['ok', days_ago(9)]);
	my $set = dataset('stale', undef, [days_ago(4), { semantic_scholar => ['throttled', days_ago(9)] }], [days_ago(3), {}],
		[days_ago(2), { semantic_scholar => ['unreachable', days_ago(3)] }], [days_ago(1), { semantic_scholar => ['stale', days_ago(3)] }],
		["$today", { semantic_scholar => ['throttled', days_ago(3)] }]);
	$leave->($set, 2, semantic_scholar => ['throttled', 'HTTP 503: he said \"no\"']);
	my $run = poor(["$cron/refresh", '--now', '--config', $config, $set]);
	paragraph($run, 2, 'a source is down for days');
	my ($since, $last) = (days_ago(2), days_ago(3));
	like($run->{err}, qr/^\Q$set\E: the data is of $today, of today\. Semantic Scholar: throttled: HTTP 503: he said "no"; not well since the snapshot of $since; its last data came on $last\.$/m, '... since which snapshot, and how old its data is');
	unlike($run->{err}, qr/arXiv|asking again|papers/, '... and nothing of what is well');
	my $good = dataset('good', undef, [$today]);
	spew("$good/last-run.json", run_note(0, '2999-01-01T00:00:00Z'));
	$run = poor(["$cron/refresh", '--now', '--config', $config, $good, $set]);
	paragraph($run, 2, 'one of two');
	unlike($run->{err}, qr/^\Q$good\E:/m, '... the one that is well is not mentioned');

	$set = dataset('first', undef);
	$leave->($set, 69, arxiv => ['unreachable', "Couldn't connect"], semantic_scholar => ['ok']);
	$run = poor(["$cron/refresh", '--now', '--config', $config, $set]);
	paragraph($run, 69, 'nothing was ever published');
	like($run->{err}, qr/^\Q$set\E: there is no snapshot yet\. arXiv: unreachable: Couldn't connect; it has brought nothing yet\.$/m, '... and it says so');

	spew("$set/last-run.json", '{"torn');
	stub('exit 74');
	paragraph(poor(["$cron/refresh", '--now', '--config', $config, $set, "$dir/absent"]), 74, 'a torn note, and a directory that is gone');
}

# --- exit code 75 waits with its complaint while the data is of today or yesterday
{
	my ($config, $log) = config("FINESET=$stub");
	stub('echo "fineset: .lock: another run holds the lock: process 17" >&2; exit 75');
	for ([0, 0], [1, 0], [2, 1], [40, 1]) {
		my ($age, $loud) = @$_;
		my $date = days_ago($age);
		my $set = dataset("locked-$age", run_note(0, "${date}T03:00:00Z"), [$date]);
		my $run = poor(["$cron/refresh", '--now', '--config', $config, $set]);
		if ($loud) {
			paragraph($run, 75, "locked, data $age days old");
			like($run->{err}, qr/^  fineset: \.lock: another run holds the lock: process 17$/m, '... names the holder');
		} else {
			silent($run, 75, "locked, data $age days old");
		}
	}
	like(slurp($log), qr/another run holds the lock/, 'the log has it always');
	paragraph(poor(["$cron/refresh", '--now', '--config', $config, "$dir/locked-0", "$dir/locked-2"]), 75, 'one of two is old');
	paragraph(poor(["$cron/refresh", '--now', '--config', $config, dataset('never')]), 75, 'locked, and never published');
	my $set = dataset('worse', run_note(2, '2999-01-01T00:00:00Z', arxiv => ['unreachable', 'gone']), [$today]);
	paragraph(poor(["$cron/refresh", '--now', '--config', $config, "$dir/locked-0", $set]), 75, 'another dataset is worse than late');
}

# --- the real program against the stand-in
{
	my $server = server();
	my $target = "$dir/real";
	is(build($target, $server->{base})->{code}, 0, 'a dataset');
	my $base = $server->{base};
	my @lines = ("FINESET=$program", 'FINESET_DELAY=0', 'FINESET_CONTACT=cron@example.org', "FINESET_ARXIV_URL=$base/api/query", "FINESET_DIR=$target");
	my $options = 'FINESET_OPTIONS=--arxiv-interval 0 --s2-interval 0 --as-of';
	requests($server);
	my ($config, $log) = config(@lines, "FINESET_S2_URL=$base/graph/v1", "$options 2026-06-20");
	silent(poor(["$cron/refresh", '--config', $config]), 0, 'the real program');
	is(readlink("$target/latest"), 'snapshots/2026-06-20', 'the snapshot of the day is there');
	like(slurp($log), qr{^fineset: \Q$target\E/snapshots/2026-06-20: }m, 'the log has its summary');
	my @asked = requests($server);
	is(join(' ', sort map { "$_->{api}.$_->{kind}" } @asked), 'arxiv.search s2.batch s2.bulk', 'it asked for what is new');
	is(scalar(grep { ($_->{headers}{'user-agent'} // '') !~ /cron\@example\.org/ } @asked), 0, 'each time with the contact address');

	my $down = server('--fault', 's2:503:*', '--fault', 'arxiv:stall:1:20');
	($config, $log) = config(@lines, "FINESET_S2_URL=$down->{base}/graph/v1", "$options 2026-06-21");
	my $run = poor(["$cron/refresh", '--config', $config]);
	paragraph($run, 2, 'Semantic Scholar is down');
	like($run->{err}, qr/^\Q$target\E: the data is of 2026-06-21.*Semantic Scholar: \w+: HTTP 503.*; not well since the snapshot of 2026-06-21; its last data came on \d{4}-\d\d-\d\d/m, '... why, and since when');
	like($run->{err}, qr/^  fineset: Semantic Scholar: .*HTTP 503/m, '... its own words');
	unlike($run->{err}, qr/asking again in|papers \(/, '... and only those that matter');

	# Somebody else is at it.
	requests($down);
	my $slow = start(['build', "$dir/slow", '--topic', 'speculative decoding', '--arxiv-url', "$down->{base}/api/query", '--s2-url', "$base/graph/v1", '--arxiv-interval', 0, '--s2-interval', 0]);
	wait_for(sub { -s "$dir/slow/.lock" && -e "$dir/slow/topic.json" });
	$run = poor(["$cron/refresh", '--config', $config, "$dir/slow"]);
	paragraph($run, 75, 'locked by another run');
	like($run->{err}, qr/^  fineset: .*another run holds the lock: .*$slow->{pid}/m, '... whose process is named');
	like($run->{err}, qr/there is no snapshot yet/, '... and how it stands');
	kill 'KILL', $slow->{pid};
	finish($slow);
	stop($_) for $server, $down;
}

# --- cron/install, with a crontab that is a file
my $bin = "$dir/fake";
my $tab = "$dir/tab";
mkdir $bin;
write_script("$bin/crontab", <<"END");
echo "\$*" >>'$tab.calls'
case \$1 in
-l) [ ! -e '$tab.broken' ] || { echo 'you are not allowed to use this program' >&2; exit 1; }
	[ -e '$tab' ] || { echo 'no crontab for you' >&2; exit 1; }
	cat '$tab' ;;
-r) rm '$tab' ;;
-) cat >'$tab.new' && mv '$tab.new' '$tab' ;;
esac
END
# No systemd until its turn comes.
write_script("$bin/systemctl", "exit 1\n");
my %fake = (PATH => "$bin:/usr/bin:/bin", HOME => "$dir/home", FINESET_UNIT_DIR => "$dir/units");
sub install { return poor(["$cron/install", @_], %fake) }
sub calls { my $calls = -e "$tab.calls" ? slurp("$tab.calls") : ''; unlink "$tab.calls"; return $calls }

# The command of our line, as cron hands it to the shell: up to a bare %, and \% is %.
sub cron_command {
	my ($line) = grep { /^\d/ && m{cron/refresh} } lines($tab);
	chomp(my $command = $line // '');
	$command =~ s/^\S+ +\S+ +\S+ +\S+ +\S+ +// or return '';
	$command =~ s/(?<!\\)%.*//;
	return $command =~ s/\\%/%/gr;
}

{
	my $set = dataset('installed');
	my $run = install('crontab', $set);
	is($run->{code}, 0, 'install crontab');
	like($run->{out}, qr/\Ain your crontab: every day at 03:17.*\n  17 03 \* \* \* '\Q$cron\E\/refresh' '\Q$set\E'\n\z/s, 'it names what it did');
	my $alone = slurp($tab);
	like($alone, qr/\A# fineset: begin .*\n(.*\n)+# fineset: end\n\z/, 'a marked block');
	calls();
	$run = install('crontab', $set);
	like($run->{out}, qr/\Aalready in your crontab/, 'once more: it is there already');
	unlike(calls(), qr/^-(?!l)/m, '... and nothing is written');
	is(slurp($tab), $alone, '... and nothing has changed');
	like(install('remove')->{out}, qr/\Ataken out of your crontab\n\z/, 'remove');
	ok(!-e $tab, '... and there is no crontab, as before');
	$run = install('remove');
	is("$run->{code} $run->{out}", "0 nothing of fineset is in place\n", '... again: nothing is there');

	my $mine = "# mine\nMAILTO=me\@example.org\n\n5 4 * * 1\techo 'a % b' \\% fineset  \n\@reboot  true\n";
	spew($tab, $mine);
	install('crontab', $set);
	is(slurp($tab), $mine . $alone, 'other lines stay, byte for byte');
	my $after = "1 1 * * * after\n";
	spew($tab, slurp($tab), $after);
	$run = install('--at', '23:05', 'crontab', dataset('another'), $set);
	like($run->{out}, qr/every day at 23:05/, 'another time, two directories');
	like(slurp($tab), qr/\A\Q$mine\E# fineset: begin.*\n#.*\n05 23 \* \* \* '\Q$cron\E\/refresh' '\Q$dir\E\/another' '\Q$set\E'\n# fineset: end\n\Q$after\E\z/, 'the block changes where it stands');
	install('remove');
	is(slurp($tab), $mine . $after, 'removed: other lines stay, byte for byte');

	# Paths that are not words.
	my ($config) = config("FINESET=$stub", 'FINESET_DELAY=0');
	stub('exit 0');
	my @odd = map { dataset($_) } 'a blank', "it's", 'say "x"', '100%', '%', '$HOME `id` $(id)', 'semi;colon & <pipe|', '@DIRS@ @REFRESH@', '~*?[a]{b,c}', '#hash!', "u\xc3\xbc", '-dash';
	is(install('--config', $config, 'crontab', @odd)->{code}, 0, 'odd paths');
	silent(poor(['/bin/sh', '-c', cron_command()]), 0, 'the line, run as cron runs it');
	is(slurp($seen), join("\n", qw(refresh --max-time 7200), @odd) . "\n", '... gives each of them whole');
	refused(install('crontab', dataset('back\\slash')), 64, qr/backslash/, 'a backslash');
	refused(install('crontab', dataset("line\nbreak")), 64, qr/line break/, 'a line break');
	refused(install('crontab', dataset("the-end\n")), 64, qr/line break/, '... at the end');
	is(slurp($tab) =~ tr/\n//, ($mine . $after) =~ tr/\n// + 4, '... and the crontab is as it was');

	# What cannot be done.
	install('remove');
	calls();
	mkdir "$dir/no-dataset";
	refused(install('crontab', "$dir/no-dataset"), 66, qr/no-dataset: no dataset \(no topic\.json there\)/, 'no dataset');
	refused(install('crontab', $set, "$dir/absent"), 66, qr/absent: no dataset/, 'no directory');
	refused(install('--config', "$dir/absent", 'crontab', $set), 66, qr/absent: no such file/, 'no configuration');
	refused(install('crontab', map { dataset('long' . 'g' x 200 . $_) } 1 .. 5), 64, qr/too long/, 'a line that cron would not take');
	refused(install('--at', $_, 'crontab', $set), 64, qr/wants HH:MM/, '--at ' . s/\n.*//sr) for '24:00', '3:17', '12:60', '', "03:17\n* * * * * id";
	refused(install(@$_), 64, qr/usage/, "usage: @$_") for [], ['crontab'], ['systemd'], ['remove', 'x'], ['crontap', $set], ['--at'], ['--what', 'crontab', $set];
	SKIP: {
		skip 'only root can give a directory away', 4 unless $is_root;
		my $strange = dataset('strange');
		chown 65534, 65534, $strange;
		refused(install('crontab', $strange), 77, qr/strange: belongs to \w+, whose crontab it should be/, 'a dataset of somebody else');
	}
	unlike(calls(), qr/^-(?!l)/m, 'nothing was written by any of these');
	spew("$tab.broken", '');
	refused(install('crontab', $set), 69, qr/crontab -l: you are not allowed/, 'a crontab that may not be read');
	refused(install('remove'), 69, qr/crontab -l: you are not allowed/, '... nor removed from');
	unlike(calls(), qr/^-(?!l)/m, '... is not written either');
	unlink "$tab.broken";
	for ("# fineset: end\n1 1 * * * x\n", $alone =~ s/# fineset: end\n//r, $alone =~ s/(# fineset: begin.*\n)/$1$1/r) {
		spew($tab, $_);
		refused(install('crontab', $set), 65, qr/marks of the fineset block .* are damaged/, 'damaged marks');
		refused(install('remove'), 65, qr/damaged/, '... also for remove');
		is(slurp($tab), $_, '... and the crontab is as it was');
	}
	unlink $tab;
	SKIP: {
		my $tools = "$dir/tools";
		mkdir $tools;
		for my $tool (qw(sh env id dirname basename awk sed ls grep cut cat head tail mkdir mv rm getent)) {
			my ($at) = command_there($tool) or skip "no $tool", 8;
			symlink "$at/$tool", "$tools/$tool";
		}
		my %bare = (%fake, PATH => $tools);
		refused(poor(["$cron/install", 'crontab', $set], %bare), 69, qr/there is no crontab command here/, 'no crontab');
		refused(poor(["$cron/install", 'systemd', $set], %bare), 69, qr/there is no systemctl here/, 'no systemctl');
	}
}

# --- systemd units, with a systemctl that only notes what it is asked
{
	my $set = dataset('units of "mine"');
	refused(install('systemd', $set), 69, qr/no systemd answers here/, 'no systemd');
	ok(!-e "$dir/units", '... and nothing was written');
	write_script("$bin/systemctl", "echo \"\$*\" >>'$dir/asked'\n");
	my $user = $is_root ? '' : '--user ';
	refused(install('systemd', $set), 64, qr/a quote or backslash/, 'a quote in a path');
	ok(!-e "$dir/units/fineset.service", '... and nothing was written');
	unlink "$dir/asked";

	my $key = "$dir/key";
	rename "$key.real", $key;
	chmod 0600, $key;
	my ($config, $log) = config("FINESET=$stub", "FINESET_KEY_FILE=$key");
	mkdir $log =~ s{/[^/]+$}{}r;
	$set = dataset('50% of $papers');
	my $other = dataset('@USER@');
	my $run = install('--config', $config, '--at', '04:30', 'systemd', $set, $other);
	is("$run->{code}$run->{err}", 0, 'install systemd');
	like($run->{out}, qr/\Ain place and started: \S+fineset\.timer and fineset\.service, every day at 04:30/, 'it names what it did');
	is(slurp("$dir/asked"), join('', map { "$user$_\n" } 'show-environment', 'daemon-reload', 'enable fineset.timer', 'restart fineset.timer'), 'what systemctl was asked');
	my $service = slurp("$dir/units/fineset.service");
	like($service, qr/^ExecStart="\Q$cron\E\/refresh" --now --config "\Q$config\E" "\Q$dir\E\/50%% of \$\$papers" "\Q$dir\E\/\@USER\@"$/m, 'the command, with % and $ for what they are');
	unlike($service =~ s/"[^"]*"//gr, qr/\@[A-Z_]+\@|^#(?:begin|end)/m, 'nothing is left to fill in');
	like(slurp("$dir/units/fineset.timer"), qr/^OnCalendar=\*-\*-\* 04:30:00$/m, 'the time');
	SKIP: {
		skip 'the units of a user', 5 unless $is_root;
		like($service, qr/^User=root$/m, 'it runs as whoever the datasets belong to');
		like($service, qr/^LoadCredential=s2-api-key:\Q$key\E$/m, 'the key is handed over by systemd');
		like($service, qr/^ReadWritePaths="\Q$dir\E\/50%% of \$papers"\nReadWritePaths="\Q$dir\E\/\@USER\@"\nReadWritePaths="\Q$dir\E\/log/m, 'it may write the datasets and the log');
		like($service, qr/^PrivateTmp=no$/m, 'datasets below /tmp stay visible') if $dir =~ m{^/tmp/};
		like($service, qr/^ProtectHome=yes$/m, 'homes are hidden where nothing of it lies there') if "$dir$cron" !~ m{/home/|/root/};
	}
	verify('systemd-analyze accepts them', $is_root ? () : '--user');
	install('--config', $config, '--at', '04:30', 'systemd', $set, $other);
	is(slurp("$dir/units/fineset.service"), $service, 'once more: the same');
	refused(install('crontab', $set), 73, qr/the systemd timer is in place already/, 'not in both places');
	unlink "$dir/asked";
	like(install('remove')->{out}, qr/\Aremoved \S+fineset\.service\nremoved \S+fineset\.timer\n\z/, 'remove');
	is(slurp("$dir/asked"), "${user}disable --now fineset.timer\n${user}daemon-reload\n", 'what systemctl was asked');
	is(join(' ', map { s/ .*//r } split /\n/, listing("$dir/units")), '/', 'nothing is left');
	install('crontab', $set);
	refused(install('systemd', $set), 73, qr/your crontab has the refresh already/, 'not in both places');
	install('remove');
	spew("$dir/units/fineset.service", "[Service]\nExecStart=/bin/true\n");
	refused(install('systemd', $set), 73, qr/fineset\.service: is there already, and not from here/, 'a unit of somebody else');
	like(install('remove')->{out}, qr/nothing of fineset is in place/, '... is not removed either');
	ok(-e "$dir/units/fineset.service", '... and stays');
	unlink "$dir/units/fineset.service";
	SKIP: {
		skip 'only root can give a directory away', 4 unless $is_root;
		my $strange = dataset('strange too');
		chown 65534, 65534, $strange;
		refused(install('systemd', $set, $strange), 77, qr/one service runs as one user/, 'datasets of two owners');
	}
	unlink $key;
	refused(install('--config', $config, 'systemd', $set), 66, qr/key: no such key file/, 'a key file that is not there') if $is_root;
}

# The units of a user who is not root.
SKIP: {
	skip 'already tested above', 1 unless $is_root;
	skip 'no setpriv here', 1 unless command_there('setpriv');
	chmod 0755, $dir;
	my $copy = "$dir/copy";
	mkdir $copy;
	system('cp', '-r', $cron, "$copy/cron") == 0 or die "cp failed\n";
	my $set = dataset('of nobody');
	mkdir "$dir/nobody";
	chown 65534, 65534, $set, "$dir/nobody";
	chmod 0666, "$dir/asked";
	my $run = poor(['setpriv', '--reuid', 65534, '--regid', 65534, '--clear-groups', "$copy/cron/install", 'systemd', $set], %fake, FINESET_UNIT_DIR => "$dir/nobody/units");
	is("$run->{code}$run->{err}", 0, 'install systemd as a user');
	like($run->{out}, qr/enable-linger/, '... tells that it runs while the user is logged in');
	unlike(slurp("$dir/nobody/units/fineset.service"), qr/^(?:User|CapabilityBoundingSet|ProtectSystem|LoadCredential|Wants)=/m, 'nothing that the systemd of a user may not do');
	symlink "$dir/nobody/units", "$dir/user-units";
	verify('systemd-analyze accepts the units of a user', '--user', "$dir/nobody/units");
}

# verify(NAME, [--user], [FOLDER])
sub verify {
	my ($name, @how) = @_;
	my $user = grep { $_ eq '--user' } @how;
	my ($folder) = grep { m{^/} } @how;
	$folder //= "$dir/units";
	SKIP: {
		skip 'there is no systemd-analyze here', 1 unless command_there('systemd-analyze');
		my $run = poor(['systemd-analyze', $user ? '--user' : (), 'verify', map { "$folder/fineset.$_" } qw(service timer)],
			HOME => "$dir/home", XDG_RUNTIME_DIR => "$dir/home");
		is("$run->{code}$run->{out}$run->{err}", 0, $name);
	}
}

# --- Debian's cron, on the line that install put there
SKIP: {
	skip $daemon->{skip}, 1 if $daemon->{skip};
	my $came = wait_for(sub { -e $daemon->{log} && slurp($daemon->{log}) =~ /exit code/ }, $daemon->{at} - time + 30);
	kill 'TERM', $daemon->{run}{pid};
	my $end = finish($daemon->{run});
	ok($came, sprintf 'cron ran the line within %.0f s', time - $daemon->{started}) or diag($end->{err});
	is(readlink("$daemon->{target}/latest"), 'snapshots/2026-06-20', 'the snapshot is there');
	is(scalar(grep { 1 } rows("$daemon->{target}/latest/data.jsonl")), 90, '... with its papers');
	like($came ? slurp($daemon->{log}) : '', qr/exit code 0 after \d+ s\n\z/, 'exit code 0');
	like(slurp("$daemon->{room}/crontab"), qr/\A# mine\nMAILTO=""\n# fineset: begin.*\n#.*\n\d\d \d\d \* \* \* '\Q$cron\E\/refresh' --config '[^']+' '\Q$dir\E\/50\\% of Ida'"'"'s \$papers'\n# fineset: end\n\z/, 'the real crontab holds the block behind the lines that were there');
	stop($daemon->{server});
}

done_testing();
