package Fineset;

# What the tests of the command line share: run the program, start the stand-in server, look at what was left behind.
# Only core modules.  Run by prove from the root of the checkout; the environment names the programs and the shared files:
#   FINESET (build/fineset), APISERVER (build/apiserver), FINESET_SHARED (../shared); SLOWNESS (1, or 3 with SAN), how many
#   times slower the program may be than it is
use strict;
use warnings;
use Cwd qw(abs_path);
use Digest::SHA qw(sha256_hex);
use Exporter qw(import);
use Fcntl qw(LOCK_EX);
use File::Find ();
use File::Path ();
use File::Temp qw(tempdir);
use JSON::PP;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

our @EXPORT = qw($world $dir @row_keys @record_keys_arxiv @record_keys_s2 run start finish build
    server stop requests in_parallel shared spew slurp rows lines json listing same_bytes shuffle_journal one_line
    paper_id row_id score_text raw_scores day_number world_papers is_valid_utf8 slowly time_limit of_today leaks_in_one_of npm_modules);

our $program = abs_path($ENV{FINESET} || 'build/fineset');
my $apiserver = abs_path($ENV{APISERVER} || 'build/apiserver');
my $shared = $ENV{FINESET_SHARED} || '../shared';

our $world = 'tests/data/world/demo.jsonl';
our $dir = tempdir('fineset-cli-XXXXXX', TMPDIR => 1, CLEANUP => 1);
our @row_keys = qw(id sources title abstract authors categories fields_of_study published_date url pdf_url arxiv_id doi
    citation_count influential_citation_count has_code code_url venue quality_score);
our @record_keys_arxiv = qw(source fetched arxiv_id version title abstract authors categories published updated comment
    journal_ref doi);
our @record_keys_s2 = qw(source fetched paper_id corpus_id arxiv_id doi dblp title abstract authors fields_of_study
    publication_date year venue citation_count influential_citation_count pdf_url url);

my $json = JSON::PP->new->utf8->canonical;
my $owner = $$;
my %running;
my $count = 0;

# The tests decide what the program sees, not whoever runs them.
delete @ENV{qw(FINESET FINESET_ARXIV_URL FINESET_S2_URL FINESET_CONTACT S2_API_KEY http_proxy HTTP_PROXY https_proxy
    HTTPS_PROXY all_proxy ALL_PROXY)};
# Of sanitizers: the library that makes faults may come before theirs.
$ENV{ASAN_OPTIONS} = join ':', $ENV{ASAN_OPTIONS} // (), 'verify_asan_link_order=0' if $ENV{SAN};
binmode $_, ':encoding(UTF-8)'
    for Test::More->builder->output, Test::More->builder->failure_output, Test::More->builder->todo_output;

# So many seconds of a program that is as slow as SLOWNESS says.
sub slowly { my ($seconds) = @_; return $seconds * ($ENV{SLOWNESS} || ($ENV{SAN} ? 3 : 1)) }

# of_today(NUMBER, OF): whether it is the turn of what has this number: one of so many is done, each day others.
my $day = $ENV{TEST_DAY} // int(time / 86400);
sub of_today { my ($number, $of) = @_; return ($number + $day) % $of == 0 }

# To look for leaks is half of a short run: it is done in one run of so many; a test that varies one thing hundreds of times does
# it in fewer.
my $leaks_in = 3;
sub leaks_in_one_of { ($leaks_in) = @_ }

# Whatever goes wrong, no process stays behind and no test runs for ever.
sub time_limit {
	my ($seconds) = @_;
	alarm slowly($seconds);
}
$SIG{ALRM} = sub { die "this test took too long\n" };
$SIG{INT} = $SIG{TERM} = sub { exit 1 };
time_limit(600);

END {
	if ($$ == $owner) {
		my $status = $?;
		print STDERR "# what has its turn today was done as with TEST_DAY=$day\n" if $status;
		kill 'KILL', $_ for keys %running;
		waitpid $_, 0 for keys %running;
		$? = $status;
	}
}

# start([args...], env => {...}, stdin => FILE, out => FILE, prefix => [command that runs it...], command => [another
# program and its arguments]): a handle for finish().
sub start {
	my ($args, %how) = @_;
	my $number = ++$count;
	my %run = (out => "$dir/out.$number", err => "$dir/err.$number");
	$run{pid} = fork // die "fork: $!";
	if ($run{pid} == 0) {
		alarm 0;
		$SIG{INT} = $SIG{TERM} = 'DEFAULT';
		$ENV{$_} = $how{env}{$_} for keys %{ $how{env} // {} };
		$ENV{ASAN_OPTIONS} .= ':detect_leaks=0' if $ENV{SAN} && !of_today($number, $leaks_in);
		open STDIN, '<', $how{stdin} // '/dev/null' or POSIX::_exit(126);
		open STDOUT, '>', $how{out} // $run{out} or POSIX::_exit(126);
		open STDERR, '>', $run{err} or POSIX::_exit(126);
		no warnings 'exec';
		my @command = $how{command} ? @{ $how{command} } : (@{ $how{prefix} // [] }, $program, @$args);
		exec { $command[0] } @command;
		POSIX::_exit(127);
	}
	$running{ $run{pid} } = 1;
	return \%run;
}

# Wait for its end: {code, signal, out, err}, the texts as bytes.
sub finish {
	my ($run) = @_;
	waitpid $run->{pid}, 0;
	my $status = $?;
	delete $running{ $run->{pid} };
	return {
		code => $status & 127 ? -1 : $status >> 8,
		signal => $status & 127,
		out => -e $run->{out} ? slurp($run->{out}) : '',
		err => slurp($run->{err}),
	};
}

# run(args..., {env => ..., stdin => ...}): what finish() says.
sub run {
	my %how = @_ && ref $_[-1] ? %{ pop @_ } : ();
	return finish(start([@_], %how));
}

# The options that lead to a server, at any pace.
sub options_to {
	my ($base) = @_;
	return ('--arxiv-url', "$base/api/query", '--s2-url', "$base/graph/v1", '--arxiv-interval', 0, '--s2-interval', 0);
}

# build(DIR, BASE, options..., {...}): the demo's build against a server.
sub build {
	my ($target, $base, @more) = @_;
	return run('build', $target, '--topic', 'speculative decoding', '--as-of', '2026-06-19', options_to($base), @more);
}

# Start a stand-in with these options; {base, pid, log}.
sub server {
	my @options = @_;
	my $number = ++$count;
	my %server = (log => "$dir/requests.$number");
	my $port_file = "$dir/port.$number";
	unshift @options, '--world', $world unless grep { $_ eq '--world' } @options;
	$server{pid} = fork // die "fork: $!";
	if ($server{pid} == 0) {
		alarm 0;
		$SIG{INT} = $SIG{TERM} = 'DEFAULT';
		open STDOUT, '>', '/dev/null';
		no warnings 'exec';
		exec { $apiserver } $apiserver, '--port-file', $port_file, '--log', $server{log}, '--lifetime', slowly(900), @options;
		POSIX::_exit(127);
	}
	$running{ $server{pid} } = 1;
	for (1 .. 3000) {
		last if -s $port_file;
		die "the stand-in server does not start\n" if waitpid($server{pid}, POSIX::WNOHANG()) == $server{pid};
		sleep 0.01;
	}
	chomp(my $port = slurp($port_file));
	$server{base} = "http://127.0.0.1:$port";
	return \%server;
}

sub stop {
	my ($server) = @_;
	kill 'TERM', $server->{pid};
	waitpid $server->{pid}, 0;
	delete $running{ $server->{pid} };
}

# Write a made-up world of so many papers on speculative decoding, until a day; how many it holds.
sub generate {
	my ($path, $papers, $to, @more) = @_;
	open my $in, '-|', $apiserver, '--generate', $papers, '--seed', 7, '--phrase', 'speculative decoding', '--to', $to // '2026-06-18', @more
	    or die "the stand-in server does not start\n";
	my @made = <$in>;
	close $in or die "the stand-in server makes no world\n";
	spew($path, @made);
	return scalar @made;
}

# The same with short abstracts: where it is the pages that count.
sub generate_short {
	my ($path, @made) = @_;
	generate($path, @made);
	spew($path, map { s/"abstract": ?"We study speculative decoding\.\K[^"]*//gr } lines($path));
}

# The requests that a server has logged since the last call, as hashes.  A line that it is writing comes the next time.
sub requests {
	my ($server) = @_;
	return () unless open my $in, '<:raw', $server->{log};
	seek $in, $server->{read} // 0, 0;
	my @new = grep { /\n\z/ } <$in>;
	$server->{read} += length for @new;
	return map { $json->decode($_) } @new;
}

# A file among the shared ones, or undef.
sub shared {
	my ($name) = @_;
	return -e "$shared/$name" ? "$shared/$name" : undef;
}

sub slurp {
	my ($path) = @_;
	open my $in, '<:raw', $path or die "$path: $!\n";
	local $/;
	my $text = <$in>;
	close $in;
	return $text // '';
}

sub spew {
	my ($path, @text) = @_;
	open my $out, '>:raw', $path or die "$path: $!\n";
	print $out @text;
	close $out or die "$path: $!\n";
}

sub lines {
	my ($path) = @_;
	return split /(?<=\n)/, slurp($path);
}

sub json {
	my ($text) = @_;
	return $json->decode($text);
}

# The rows of a JSONL file.
sub rows {
	my ($path) = @_;
	return map { $json->decode($_) } lines($path);
}

# The quality_score of each line as it is printed.
sub raw_scores {
	my ($path) = @_;
	return map { /"quality_score": ([0-9.]+)}$/ ? $1 : 'none' } lines($path);
}

# Every path below a directory (links with where they lead), in one line each; files with their digest.
sub listing {
	my ($root) = @_;
	my @found;
	return '(absent)' unless -e $root;
	File::Find::find({ no_chdir => 1, wanted => sub {
		my $name = substr $_, length $root;
		push @found, -l $_ ? "$name -> " . readlink : -d _ ? "$name/" : "$name " . sha256_hex(slurp($_));
	} }, $root);
	return join "\n", sort @found;
}

sub same_bytes {
	my ($left, $right, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	ok(slurp($left) eq slurp($right), $name) or diag(`diff "$left" "$right" | head -c 2000`);
}

# Reverse the record lines of a journal: the header stays first, a commit last.
sub shuffle_journal {
	my ($path) = @_;
	my @all = lines($path);
	my $header = shift @all;
	my @commits = grep { /^\{"commit":/ } @all;
	my @records = reverse grep { !/^\{"commit":/ } @all;
	# Neither the old order nor its mirror image.
	@records = @records[ sort { ($a * 7919) % 104729 <=> ($b * 7919) % 104729 } 0 .. $#records ];
	spew($path, $header, @records, $commits[-1]);
}

# What a function returns for each of a list, one after the other; half of them in a process each, with a directory of its own.
sub in_parallel {
	my ($work, @list) = @_;
	my $ground = $dir;
	my @workers = map {
		my $half = $_;
		my $pid = fork // die "fork: $!\n";
		if ($pid == 0) {
			time_limit(900);
			# What runs already is the parent's.
			%running = ();
			$dir = "$ground/half.$half";
			mkdir $dir;
			spew("$dir/told", eval { join '', map { $work->($list[$_]) } grep { $_ % 2 == $half } 0 .. $#list } // $@);
			kill 'KILL', keys %running;
			POSIX::_exit(0);
		}
		$pid;
	} 0, 1;
	waitpid $_, 0 for @workers;
	return join '', map { slurp("$ground/half.$_/told") } 0, 1;
}

# Have packages of npm in a directory of this name, which stays for the next run: where they are, or undef after saying why not.
sub npm_modules {
	my ($name, @packages) = @_;
	my $place = abs_path('.') . "/build/npm/$name";
	my ($mark, $wanted) = ("$place/installed", join ' ', @packages);
	for my $needed (qw(node npm timeout)) {
		next if grep { -x "$_/$needed" } split /:/, $ENV{PATH} // '';
		diag("$needed is not here");
		return undef;
	}
	# Tests that run side by side may want the same.
	File::Path::make_path($place);
	open my $lock, '>', "$place.lock" or die "$place.lock: $!\n";
	flock $lock, LOCK_EX or die "$place.lock: $!\n";
	return $place if -e $mark && slurp($mark) eq $wanted;
	my $run = finish(start([], command => [qw(timeout 120 npm install --loglevel error --fetch-retries 1 --no-fund --no-audit --ignore-scripts --prefix),
		$place, @packages]));
	spew($mark, $wanted) if $run->{code} == 0;
	diag("npm cannot install $wanted: " . substr $run->{err}, 0, 500) if $run->{code} != 0;
	return $run->{code} == 0 ? $place : undef;
}

# What a failed command may say: one line of the program that matches.
sub one_line {
	my ($run, $pattern, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	like($run->{err}, qr/\Afineset: [^\n]+\n\z/, "$name: one line");
	like($run->{err}, $pattern, "$name: it names the culprit");
}

# --- DESIGN's formulas, written a second time.

sub paper_id {
	my ($text) = @_;
	return sha256_hex("paper:$text");
}

# The id of a row from its own fields; $corpus_id for one without arXiv id and DOI.
sub row_id {
	my ($row, $corpus_id) = @_;
	return paper_id("arxiv:$row->{arxiv_id}") if defined $row->{arxiv_id};
	return paper_id('doi:' . lc $row->{doi}) if defined $row->{doi};
	return paper_id("s2:$corpus_id");
}

# Days since 1970 of YYYY-MM-DD...
sub day_number {
	my ($y, $m, $d) = $_[0] =~ /^(\d{4})-(\d\d)-(\d\d)/ or die "no date: $_[0]\n";
	($y, $m) = ($y - 1, $m + 12) if $m <= 2;
	return 365 * $y + int($y / 4) - int($y / 100) + int($y / 400) + int((153 * ($m - 3) + 2) / 5) + $d - 719469;
}

sub max { my ($most, @rest) = @_; for (@rest) { $most = $_ if $_ > $most } return $most }

# The score of a row as of a day, as data.jsonl prints it.
sub score_text {
	my ($row, $as_of) = @_;
	my $impact = max(POSIX::log10($row->{citation_count} + 1) / 4,
	    POSIX::log10($row->{influential_citation_count} + 1) / 2);
	my $recency = 0;
	if (defined $row->{published_date}) {
		my $age = max(0, day_number($as_of) - day_number($row->{published_date}));
		$recency = $age <= 60 ? 1 : max(0, 1 - ($age - 60) / 480);
	}
	my $fresh = $recency * (0.35 + ($row->{has_code} ? 0.30 : 0) + (defined $row->{venue} ? 0.20 : 0));
	my $score = max($impact, $fresh);
	my $text = sprintf '%.4f', $score > 1 ? 1 : $score;
	$text =~ s/(\.\d+?)0+$/$1/;
	return $text;
}

# The papers of a world file: hashes with arxiv and s2.
sub world_papers {
	return rows($_[0] // $world);
}

sub is_valid_utf8 {
	my ($bytes) = @_;
	return utf8::decode(my $copy = $bytes);
}

1;
