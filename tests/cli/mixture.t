#!/usr/bin/perl
# A random mixture: hundreds of builds and refreshes of worlds that change, against sources that answer badly by chance, on a disk
# that fails, with signals in between.  Each run ends in a whole snapshot or with a documented exit code and the old one untouched;
# a last run without faults comes to the bytes of a fresh build.
#   MIXTURE_SEED, MIXTURE_RUNS: another mixture, and how much of it
use strict;
use warnings;
use utf8;
use Cwd qw(abs_path);
use Digest::SHA qw(sha256_hex);
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use JSON::PP;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep);

my $library = abs_path($ENV{FAULT} || 'build/tests/fault/fault.so');
my $ground = $dir = abs_path($dir);
# With sanitizers a run takes ten times as long: a part of the mixture shows what they can find.
my $sanitized = $ENV{SAN} ? 1 : 0;
my $seed = $ENV{MIXTURE_SEED} // 20260619;
my $each = 25;
my $datasets = POSIX::ceil(($ENV{MIXTURE_RUNS} // ($sanitized ? 75 : 500)) / $each);
my $codec = JSON::PP->new->utf8->canonical;
my $first = POSIX::mktime(0, 0, 12, 19, 5, 126);
time_limit(900);
leaks_in_one_of(7);

# Numbers that are the same in every run; each dataset has its own.
my $state;
sub random { my ($below) = @_; $state = ($state * 1103515245 + 12345) % 2**31; return int($state / 65536) % $below }
sub one_of { return $_[random(scalar @_)] }
sub chance { my ($percent) = @_; return random(100) < $percent }
sub date { my ($day) = @_; return POSIX::strftime('%Y-%m-%d', gmtime($first + 86400 * $day)) }

# --- the world

sub add_paper {
	my ($papers, $day) = @_;
	my $number = @$papers;
	my $date = date($day);
	my $id = substr($date, 2, 2) . substr($date, 5, 2) . sprintf '.%05d', 10000 + $number;
	my $hex = sprintf '%040x', 77_000_000 + $number;
	my $doi = $number % 3 == 0 ? "10.1000/paper.$number" : undef;
	my %arxiv = (id => $id, title => "Paper $number on speculative decoding", abstract => "Number $number studies speculative decoding. Ünïcode, “quotes”.",
		authors => ["Author $number", 'Núria Ö'], categories => ['cs.CL'], versions => [sprintf '%sT%02d:%02d:00Z', $date, random(24), random(60)],
		comment => undef, journal_ref => undef, doi => $doi);
	my %s2 = (paperId => $hex, corpusId => 77_000_000 + $number, url => "https://www.semanticscholar.org/paper/$hex",
		externalIds => { CorpusId => 77_000_000 + $number, $number % 5 == 1 ? () : (ArXiv => $id), $doi ? (DOI => uc $doi) : () },
		title => "Paper $number on " . ($number % 20 == 7 ? 'drafts' : 'speculative decoding'), abstract => undef, venue => '', year => 0 + substr($date, 0, 4),
		publicationDate => $date, citationCount => random(50), influentialCitationCount => 0, fieldsOfStudy => ['Computer Science'],
		authors => [{ authorId => '1', name => "Author $number" }]);
	push @$papers, { $number % 11 == 4 ? () : (arxiv => \%arxiv), $number % 7 == 5 && $number % 11 != 4 ? () : (s2 => [\%s2]) };
}

# Papers that a source no longer has; what is held of them stays until everything is asked again.
my %halved;

sub live {
	my ($papers, $day) = @_;
	add_paper($papers, $day - 1) for 1 .. random(3);
	for (1 .. random(6)) {
		my $paper = one_of(@$papers);
		if ($paper->{s2}) {
			$paper->{s2}[0]{citationCount} += 1 + random(9);
			$paper->{s2}[0]{venue} = 'Conference ' . random(9) if chance(10);
		}
		if ($paper->{arxiv} && chance(20)) {
			push @{ $paper->{arxiv}{versions} }, date($day - 1) . sprintf 'T%02d:30:00Z', random(24);
			$paper->{arxiv}{comment} = 'Code: https://github.com/lab/paper' . random(99);
		}
	}
	if (chance(5)) {
		my $paper = one_of(@$papers);
		delete $paper->{ one_of('arxiv', 's2') };
		$halved{$paper} = 1;
	}
}

# --- what may go wrong

# Answers that no world makes: more of them, one by one, in the other tests of hostile answers.
my %files = (
	'bomb.xml' => '<!DOCTYPE a [<!ENTITY b "' . 'b' x 1000 . '"><!ENTITY c "' . '&b;' x 1000 . '">]><feed xmlns="http://www.w3.org/2005/Atom"><title>&c;</title></feed>',
	'deep.xml' => '<feed xmlns="http://www.w3.org/2005/Atom">' . '<a>' x 5000,
	'deep.json' => '[' x 5000,
	'wrong.json' => '{"total": "many", "data": [null, 7, {"paperId": 3}], "token": {}}',
	'noise' => join('', map { chr($_ * 7919 % 251) } 0 .. 9999),
);
my @everywhere = qw(429 500 502 503 504 rate-text rate-text-429 reset html errorjson empty zero short nobody cut cutclose bomb redirect twofeeds);
my %only = (arxiv => [qw(406 lostone dup unsorted badxml doctype)], s2 => [qw(400 404 badjson null earlyend dup)]);

# A fault as the stand-in takes it.
sub draw_fault {
	my $api = one_of('arxiv', 's2');
	my $kind = chance(30) ? '.' . one_of($api eq 'arxiv' ? qw(search id_list) : qw(bulk batch)) : '';
	my $when = one_of('1', '1', '2', '1-2', '1-3', 'p0.3', 'p0.5', '*');
	return "$api$kind:file:$when:$ground/" . one_of(sort keys %files) if chance(12);
	return "$api$kind:" . one_of(@everywhere, @{ $only{$api} }) . ":$when";
}

# Flip some bytes of a line of a journal, as a bad disk does.
sub damage {
	my ($data) = @_;
	my ($path) = one_of(map { "$data/sources/$_.jsonl" } qw(arxiv semantic_scholar));
	my @lines = -e $path ? lines($path) : ();
	return 0 if @lines < 4;
	my $line = \$lines[1 + random(@lines - 2)];
	substr($$line, random(length($$line) - 3), 2) = "\0\0";
	spew($path, @lines);
	return 1;
}

# --- what must hold

# What is wrong with a snapshot, one line each; with the corpus ids of papers that only S2 knows the ids are checked, too.
sub snapshot_faults {
	my ($snapshot, $papers) = @_;
	my $manifest = json(slurp("$snapshot/manifest.json"));
	my (@faults, %seen);
	my %corpus = map { $_->{s2} ? (paper_id("s2:$_->{s2}[0]{corpusId}") => 1) : () } @$papers;
	my @lines = lines("$snapshot/data.jsonl");
	my ($last_date, $last_id) = ('9999', '');
	for my $line (@lines) {
		my $row = eval { json($line) } or return 'a line that is no JSON';
		my $known = defined $row->{arxiv_id} || defined $row->{doi} ? row_id($row) eq $row->{id} : $corpus{ $row->{id} };
		push @faults, "id of $row->{id}" if !$known || $seen{ $row->{id} }++;
		push @faults, "score of $row->{id}" if ($line =~ /"quality_score": ([0-9.]+)}$/)[0] ne score_text($row, $manifest->{snapshot_date});
		push @faults, "order at $row->{id}" if ($row->{published_date} // '') gt $last_date;
		$last_date = $row->{published_date} // '';
	}
	push @faults, "the manifest counts $manifest->{records} rows, there are @{[scalar @lines]}" if ($manifest->{records} // -1) != @lines;
	push @faults, 'no digest of data.jsonl in the manifest' if index(slurp("$snapshot/manifest.json"), sha256_hex(slurp("$snapshot/data.jsonl"))) < 0;
	return @faults;
}

# Papers that the sources have and a snapshot has not: of arXiv's alone, unless all is asked for.
sub missing {
	my ($snapshot, $papers, $all) = @_;
	my %have = map { $_->{arxiv_id} // '' => 1, $_->{id} => 1 } rows("$snapshot/data.jsonl");
	my @missing;
	for my $paper (grep { !$halved{$_} } @$papers) {
		my ($arxiv, $s2) = ($paper->{arxiv}, $paper->{s2} && $paper->{s2}[0]);
		next unless $arxiv || ($all && $s2 && $s2->{title} =~ /speculative/);
		my $id = $arxiv ? $arxiv->{id} : $s2->{externalIds}{ArXiv};
		my $named = !defined $id && paper_id($s2->{externalIds}{DOI} ? 'doi:' . lc $s2->{externalIds}{DOI} : "s2:$s2->{corpusId}");
		push @missing, $id // $named unless $have{ $id // $named };
	}
	return @missing;
}

# What a person could not read in a terminal, or did not come from the program.
sub noise {
	my ($err) = @_;
	return grep { !/^fineset: [\x20-\x7e\x80-\xff]{1,2000}\n\z/ } split /(?<=\n)/, $err;
}

# --- one dataset through its runs

sub run_once {
	my ($data, $papers, $world_file, $day, $count) = @_;
	my %drawn = (faults => [map { draw_fault() } 1 .. (chance(45) ? 0 : 1 + random(3))]);
	my @serve = ('--world', $world_file, '--seed', 1 + random(1000));
	push @serve, '--s2-key', 'right' if $drawn{key} = chance(4);
	push @serve, map { ('--fault', $_) } @{ $drawn{faults} };
	my $have = -e "$data/topic.json";
	my @command = $have && chance(60) ? ('refresh', $data, chance(15) ? '--full' : ()) : ('build', $data, $have ? () : ('--topic', 'speculative decoding'));
	push @command, '--max-time', 1 if $drawn{time} = chance(4);
	push @command, '-v' if chance(10);
	my %env = (S2_API_KEY => $drawn{key} ? 'wrong' : '');
	my $how = random(100);
	if ($how < 12) {
		%env = (%env, LD_PRELOAD => $library, FAULT_DIR => $data, FAULT_AT => 1 + random(60), FAULT_ACTION => $drawn{disk} = one_of(qw(kill tear enospc eio term)));
	}
	$drawn{damage} = $how >= 12 && $how < 18 && damage($data);
	my $latest = readlink "$data/latest";
	my $before = $latest && listing("$data/$latest");
	my $server = server(@serve);
	my $started = start([@command, '--as-of', date($day), Fineset::options_to($server->{base})], env => \%env);
	if ($how >= 90) {
		my $wanted = 1 + random(4);
		for (1 .. 2000) {
			last if $wanted <= (() = requests_so_far($server)) || kill(0, $started->{pid}) == 0 || ended($started->{pid});
			sleep 0.005;
		}
		kill $drawn{signal} = one_of('TERM', 'KILL'), $started->{pid};
	}
	my $run = finish($started);
	stop($server);
	return (\%drawn, $run, $latest, $before, "@command");
}

sub requests_so_far { my ($server) = @_; return -e $server->{log} ? lines($server->{log}) : () }

# Whether a process is there no longer, or waits for us to take notice.
sub ended {
	my ($pid) = @_;
	return 1 unless -r "/proc/$pid/stat";
	return slurp("/proc/$pid/stat") =~ /^\d+ \(.*\) Z/;
}

# Which exit codes the documentation allows for what went wrong.
sub allowed {
	my ($drawn) = @_;
	my @codes = (0);
	push @codes, 2, 69, 75 if @{ $drawn->{faults} } || $drawn->{key} || $drawn->{time} || $drawn->{signal};
	push @codes, 0, 2, 65 if $drawn->{damage};
	push @codes, 2, 69, 75, 74, 73 if $drawn->{disk};
	return @codes;
}

sub check_run {
	my ($data, $papers, $drawn, $run, $latest, $before, $due) = @_;
	my @faults;
	my $killed = $run->{signal} == 9 && (($drawn->{signal} // '') eq 'KILL' || ($drawn->{disk} // '') =~ /kill|tear/);
	push @faults, "exit $run->{code}, signal $run->{signal}" unless $killed || grep { $_ == $run->{code} } allowed($drawn);
	push @faults, 'a shorter line would do: ' . substr($_, 0, 300) for noise($run->{err});
	push @faults, 'the key is told' if $drawn->{key} && $run->{err} =~ /\bwrong\b/;
	push @faults, "the snapshot before has changed" if $latest && -e "$data/$latest" && $before ne listing("$data/$latest");
	my $now = readlink "$data/latest";
	push @faults, 'the snapshot before is gone' if $latest && !($now && -e "$data/$latest");
	push @faults, 'nothing stands after exit 0' if $run->{code} == 0 && !$now;
	push @faults, 'published, but the exit code says that nothing was' if ($now // '') ne ($latest // '') && !$killed && $run->{code} !~ /^[02]$/ && !$drawn->{disk};
	push @faults, snapshot_faults("$data/$now", $papers) if $now && $now ne ($latest // '');
	push @faults, 'not there: ' . join ' ', $_ for $due && $run->{code} == 0 && !$killed ? missing("$data/$now", $papers, !@{ $drawn->{faults} }) : ();
	return @faults;
}

# One line for each fault of the runs of a dataset; what was drawn stands with it.
sub told {
	my ($number) = @_;
	$state = $seed * 1000 + $number;
	my (@papers, @faults, %ends);
	my ($data, $world_file) = ("$dir/data.$number", "$dir/world.$number");
	# One is large enough for several pages of each source.
	my $size = $number % 20 == 3 ? 2300 : 20 + random(60);
	add_paper(\@papers, -600 + int($_ * 600 / $size)) for 0 .. $size - 1;
	# A run asks for what is new unless it finishes one that was cut short, or the day's was done already.
	my ($day, $due) = (0, 0);
	for my $count (1 .. $each) {
		my $days = random(3);
		$day += $days;
		$due &&= $days > 0;
		live(\@papers, $day);
		spew($world_file, map { $codec->encode($_) . "\n" } grep { %$_ } @papers);
		my ($drawn, $run, $latest, $before, $command) = run_once($data, \@papers, $world_file, $day, $count);
		my @now = check_run($data, \@papers, $drawn, $run, $latest, $before, $due);
		$due = $run->{code} == 0;
		$ends{ $run->{signal} ? "signal $run->{signal}" : "exit $run->{code}" }++;
		push @faults, map { "FAULT dataset $number, run $count ($command; " . $codec->encode($drawn) . "): $_\n" . ($_ =~ /^exit/ ? $run->{err} =~ s/^/    /gmr : '') } @now;
	}
	# Without faults everything is asked again, and nothing shows what there was before.
	my $server = server('--world', $world_file);
	my @where = ('--as-of', date($day), Fineset::options_to($server->{base}));
	my $last = -e "$data/topic.json" ? run('refresh', $data, '--full', '-q', @where) : run('build', $data, '--topic', 'speculative decoding', '-q', @where);
	my $fresh = build("$data.fresh", $server->{base}, '-q', '--as-of', date($day));
	stop($server);
	my $audit = run('audit', '-q', $data);
	push @faults, "FAULT dataset $number: the last run: exit $last->{code}: $last->{err}\n" if $last->{code} != 0;
	push @faults, "FAULT dataset $number: a fresh build: exit $fresh->{code}: $fresh->{err}\n" if $fresh->{code} != 0;
	push @faults, "FAULT dataset $number: the audit: exit $audit->{code}: $audit->{out}$audit->{err}\n" if $audit->{code} != 0;
	push @faults, "FAULT dataset $number: other bytes than a fresh build's\n" if slurp("$data/latest/data.jsonl") ne slurp("$data.fresh/latest/data.jsonl");
	push @faults, "FAULT dataset $number: left over: $_\n" for grep { /\.(?:tmp|new)\b|\.next\./ } split /\n/, listing($data);
	return join '', @faults, (map { "END $_ $ends{$_}\n" } sort keys %ends), "DONE $number\n";
}

for my $name (sort keys %files) { spew("$ground/$name", $files{$name}) }
note("seed $seed, $datasets datasets of $each runs");
my $told = in_parallel(\&told, 0 .. $datasets - 1);
my %ends;
while ($told =~ /^END (\S+ \d+) (\d+)$/gm) { $ends{$1} += $2 }
my @done = $told =~ /^DONE (\d+)$/gm;
is(scalar(@done), $datasets, 'each dataset went through its runs') or diag($told);
is(join("\n", grep { !/^(?:END|DONE) / } split /\n/, $told), '', 'each run ends in a whole snapshot, or leaves the old one as it was');
my $runs = 0;
$runs += $_ for values %ends;
is($runs, $datasets * $each, 'no run is missing');
cmp_ok($ends{'exit 0'} // 0, '>', $runs / 3, 'many succeed');
cmp_ok($runs - ($ends{'exit 0'} // 0), '>', $runs / 5, 'many do not');
diag("runs of the mixture: $runs; ", join ', ', map { "$ends{$_} $_" } sort keys %ends);
done_testing;
