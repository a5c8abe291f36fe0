#!/usr/bin/perl
# Directories that somebody has prepared: links that lead elsewhere, pipes and directories in the place of files, documents that are
# none.  Nothing outside is written or waited for, and the fault is named or mended; and who may read new files is the umask's choice.
use strict;
use warnings;
use utf8;
use Cwd qw(abs_path);
use File::Find ();
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use POSIX ();
use Test::More;
use Time::HiRes qw(time);

$dir = abs_path($dir);
time_limit(900);
my $server = server();
my $survived = 0;
is(build("$dir/whole", $server->{base}, '-q')->{code}, 0, 'a build');
system('cp', '-a', "$dir/whole", "$dir/later") == 0 or die "cp: $?";
is(run('refresh', "$dir/later", '--as-of', '2026-06-20', '-q', Fineset::options_to($server->{base}))->{code}, 0, 'and a refresh with nothing wrong');
my $whole = slurp("$dir/later/latest/data.jsonl");
my $outside = "$dir/outside";

# prepared(NAME, function of the path of a copy): what a refresh of it says; what lies outside must stay as it is.
sub prepared {
	my ($name, $prepare, @codes) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $target = "$dir/" . $name =~ s/\W+/-/gr;
	system('cp', '-a', "$dir/whole", $target) == 0 or die "cp: $?";
	system('rm', '-rf', $outside);
	mkdir $outside or die "mkdir: $!";
	mkdir "$outside/directory" or die "mkdir: $!";
	spew("$outside/file", "what is outside\n");
	spew("$outside/directory/kept", "what is outside\n");
	$prepare->($target);
	my $before = listing($outside);
	my $begun = time;
	my $run = run('refresh', $target, '--as-of', '2026-06-20', '-q', Fineset::options_to($server->{base}));
	cmp_ok(time - $begun, '<', 60, "$name: nothing is waited for");
	is(listing($outside), $before, "$name: what is outside stays as it is");
	ok((grep { $run->{code} == $_ } @codes), "$name: exit @codes") or diag("exit $run->{code}: $run->{err}");
	is(join('', grep { !/^fineset: [\x20-\x7e\x80-\xff]{1,600}\n\z/ } split /(?<=\n)/, $run->{err}), '', "$name: told in lines that can be read");
	isnt($run->{err}, '', "$name: the fault is told") if $run->{code} != 0;
	ok($run->{code} != 0 || slurp("$target/latest/data.jsonl") eq $whole, "$name: what is published is right");
	$survived++;
	return $run;
}

sub replace {
	my ($path, $with) = @_;
	system('rm', '-rf', $path);
	symlink $with, $path or die "symlink: $!";
}

# --- links that lead elsewhere
for my $name (qw(snapshots sources)) {
	prepared("$name leads elsewhere", sub { replace("$_[0]/$name", "$outside/directory") }, 0, 65, 66, 73, 74, 78);
}
for my $name (qw(sources/arxiv.jsonl sources/semantic_scholar.jsonl last-run.json topic.json .lock)) {
	prepared("$name leads elsewhere", sub { replace("$_[0]/$name", "$outside/file") }, 0, 2, 65, 66, 73, 74, 75, 78);
	prepared("$name leads nowhere", sub { replace("$_[0]/$name", "$outside/new") }, 0, 2, 65, 66, 73, 74, 75, 78);
	prepared("$name.tmp leads elsewhere", sub { replace("$_[0]/$name.tmp", "$outside/file") }, 0, 73, 74);
}
prepared('latest leads elsewhere', sub { replace("$_[0]/latest", "$outside/directory") }, 0, 2, 65, 73, 74);
prepared('latest leads up and out', sub { replace("$_[0]/latest", '../outside/directory') }, 0, 2, 65, 73, 74);
prepared('the new snapshot leads elsewhere', sub { replace("$_[0]/snapshots/.new", "$outside/directory") }, 0, 73, 74);
prepared('the day of the new snapshot leads elsewhere', sub { replace("$_[0]/snapshots/2026-06-20", "$outside/directory") }, 0, 73, 74);
prepared('an old snapshot leads elsewhere', sub { symlink "$outside/directory", "$_[0]/snapshots/2025-01-0$_" for 1 .. 9 }, 0);
prepared('latest.tmp is a directory', sub { mkdir "$_[0]/latest.tmp" or die }, 0, 73, 74);

# --- what is no file
for my $name (qw(sources/arxiv.jsonl last-run.json topic.json latest/manifest.json latest/data.jsonl .lock)) {
	prepared("$name is a pipe", sub { unlink "$_[0]/$name"; POSIX::mkfifo("$_[0]/$name", 0600) or die }, 0, 2, 65, 66, 73, 74, 75, 78);
	prepared("$name is a directory", sub { unlink "$_[0]/$name"; mkdir "$_[0]/$name" or die }, 0, 2, 65, 66, 73, 74, 75, 78);
	prepared("$name is a device", sub { replace("$_[0]/$name", '/dev/zero') }, 0, 2, 65, 66, 73, 74, 75, 78);
}

# --- documents that are none
my %texts = ('nothing' => '', 'NUL bytes' => "\0" x 1000, 'a list' => '[]', 'deep' => '[' x 100_000, 'no JSON' => "{\"a\": \xff", 'other types' => '{"name": 7, "any": {"a": 1}, "snapshot": [], "records": "many", "sources": 3, "outcome": 1, "snapshot_date": {}}',
	'absurd numbers' => '{"records": -1e400, "bytes": 99999999999999999999999999, "snapshot_date": "9999-99-99"}');
for my $name (qw(last-run.json topic.json latest/manifest.json)) {
	prepared("$name: $_", sub { spew("$_[0]/$name", $texts{$_}) }, 0, 2, 65, 66, 78) for sort keys %texts;
	prepared("$name: gigabytes", sub { open my $out, '>', "$_[0]/$name" or die; truncate $out, 3 << 30 or die }, 0, 2, 65, 66, 78);
}
# --- commits that no run has written: the source is asked anew, soon, and all is right again
my %forged = (
	arxiv => {
		'numbers at their ends' => '"windows":[[9223372036854775807,-9223372036854775808]],"start":9223372036854775807,"until":9223372036854775807,"complete":9223372036854775807,"matched":9223372036854775807',
		'a search from before the first page' => '"windows":[[20000000,29694240]],"start":-7,"until":29694240',
		'a search beyond the last page' => '"windows":[[20000000,29694240]],"start":10000,"until":29694240',
		'a search without an end' => '"windows":[[20000000,29694240]],"start":0',
		'windows of no year' => '"windows":[[900000000000,900000000001]],"start":0,"until":29694240',
		'windows of words' => '"windows":["[1,2]",{"0":1}],"start":0,"until":29694240',
		'a hundred thousand windows' => '"windows":[' . join(',', map { "[$_,$_]" } 20_000_000 .. 20_099_999) . '],"start":0,"until":29694240',
		'a thousand windows' => '"windows":[' . join(',', map { "[$_,$_]" } 20_000_000 .. 20_000_999) . '],"start":0,"until":29694240',
		'a walk from before the first page' => '"windows":[],"walk":{"since":0,"start":-7,"fresh":0},"start":0,"until":29694240,"complete":29694240,"asked":20620',
		'a walk beyond the last page' => '"windows":[],"walk":{"since":0,"start":1000000,"fresh":0},"start":0,"until":29694240,"complete":29694240,"asked":20620',
		'nothing was read, and all was' => '"windows":[],"start":0,"until":29692800,"complete":29692800,"matched":5',
		'16 MB' => '"windows":[' . '0,' x 8_000_000 . '0],"start":0,"until":29694240',
	},
	semantic_scholar => {
		'a token of 3 MB' => '"token":"' . 'x' x 3_000_000 . '","received":1000,"total":2000,"until":20623',
		'a token of 3 KB' => '"token":"' . 'x' x 3_000 . '","received":1000,"total":2000,"until":20623',
		'numbers at their ends' => '"token":"x","received":9223372036854775807,"total":9223372036854775807,"missing":9223372036854775807,"until":20623',
		'less than nothing came' => '"token":null,"received":-1,"total":0,"missing":0,"until":99999',
		'a search without an end' => '"token":null,"received":1000,"total":1000',
	});
for my $source (sort keys %forged) {
	for my $what (sort keys %{ $forged{$source} }) {
		my $commit = $forged{$source}{$what};
		prepared("a forged commit of $source, $what", sub { my $path = "$_[0]/sources/$source.jsonl"; spew($path, (lines($path))[0], qq({"commit":{$commit}}\n)) }, 0);
	}
}

requests($server);
prepared('years that have not come were asked for', sub {
	my $path = "$_[0]/sources/arxiv.jsonl";
	spew($path, map { s/"(until|complete)":\d+/"$1":4222000000/gr } lines($path));
}, 0);
isnt(scalar(grep { $_->{kind} eq 'search' } requests($server)), 0, '... and arXiv is asked all the same');

my $empty = prepared('a million damaged lines', sub { my $path = "$_[0]/sources/arxiv.jsonl"; spew($path, (lines($path))[0], "\n" x 1_000_000, qq({"commit":{}}\n)) }, 0);
is(scalar(() = $empty->{err} =~ /: line \d+: /g), 100, '... of which a hundred are told');
like($empty->{err}, qr/damaged lines left out: 1000000; the source is asked for everything again\n\z/, '... and how many there are');
prepared('a journal of gigabytes of nothing', sub { open my $out, '>>', "$_[0]/sources/arxiv.jsonl" or die; truncate $out, 1 << 29 or die }, 0, 65);

# --- who may read new files
for my $case ([077, 0600, 0700], [022, 0644, 0755], [027, 0640, 0750]) {
	my ($mask, $file, $directory) = @$case;
	my $target = sprintf "$dir/umask-%03o", $mask;
	my $old = umask $mask;
	my $run = build($target, $server->{base}, '-q');
	umask $old;
	is($run->{code}, 0, "$target: a build");
	my @wrong;
	File::Find::find({ no_chdir => 1, wanted => sub {
		my $mode = (lstat)[2] & 0777;
		push @wrong, sprintf '%s %03o', $_, $mode if !-l && $mode != (-d _ ? $directory : $file);
	} }, $target);
	is("@wrong", '', sprintf 'umask %03o: files are %03o, directories %03o', $mask, $file, $directory);
	$survived++;
}
diag("$survived prepared directories were survived");
done_testing;
