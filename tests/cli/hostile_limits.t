#!/usr/bin/perl
# Answers that want more than an answer may have: memory, time, files, another server.  The source counts as failed, in bounded
# memory; what the other one brought is kept, and published unless arXiv has never answered; the next run without the fault comes
# to the bytes of a whole build.
use strict;
use warnings;
use utf8;
use Cwd qw(abs_path);
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(time);

$dir = abs_path($dir);
time_limit(600);
my $megabyte = 1 << 20;
my $healthy = server();
is(build("$dir/whole", $healthy->{base}, '-q')->{code}, 0, 'a build with nothing wrong');
my $whole = "$dir/whole/latest/data.jsonl";
my $survived = 0;
my $calls = 0;

# A sanitizer needs memory of its own.
my ($prlimit) = grep { -x } map { "$_/prlimit" } split /:/, $ENV{PATH} // '';
my @bounded = $prlimit && !$ENV{SAN} ? ($prlimit, '--data=' . 256 * $megabyte) : ();
note('memory is not bounded here: ' . ($ENV{SAN} ? 'the sanitizer needs its own' : 'there is no prlimit')) unless @bounded;

sub status { my ($target, $source) = @_; return json(slurp("$target/last-run.json"))->{sources}{$source} }

# A source that answers so, always: the other is published, the reason told in one line; then all is well again.
sub refused {
	my ($api, $name, $reason, $fault, @more) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	# With sanitizers, which are slow with so much, half of them.
	return if $ENV{SAN} && !of_today($calls++, 2);
	my ($mine, $other) = $api eq 'arxiv' ? ('arxiv', 'semantic_scholar') : ('semantic_scholar', 'arxiv');
	my $server = server('--fault', "$api:$fault");
	my $target = "$dir/" . "$api $name" =~ s/\W+/-/gr;
	my $begun = time;
	my $run = run('build', $target, '--topic', 'speculative decoding', '--as-of', '2026-06-19', Fineset::options_to($server->{base}),
		{ env => { S2_API_KEY => '' }, @more, prefix => \@bounded });
	my $seconds = time - $begun;
	stop($server);
	my $code = $api eq 'arxiv' ? 69 : 2;
	is($run->{code}, $code, "$api: $name: exit $code") or diag(substr $run->{err}, -600);
	like($run->{err}, $reason, "$api: $name: the reason");
	is(join('', grep { length > 600 || !/^fineset: / } split /(?<=\n)/, $run->{err}), '', "$api: $name: ... in short lines");
	my ($failed, $well) = map { status($target, $_) } $mine, $other;
	isnt($failed->{status}, 'ok', "$api: $name: counted as failed");
	is($well->{status}, 'ok', "$api: $name: the other source is not");
	is(-e "$target/latest" ? scalar(grep { "@{ $_->{sources} }" ne $other } rows("$target/latest/data.jsonl")) : 0, 0, "$api: $name: nothing of it is taken");
	cmp_ok($seconds, '<', $ENV{SAN} ? 200 : 60, "$api: $name: soon over");
	my $next = run('build', $target, '--as-of', '2026-06-19', '-q', Fineset::options_to($healthy->{base}));
	is($next->{code}, 0, "$api: $name: the next run is well") or diag($next->{err});
	same_bytes("$target/latest/data.jsonl", $whole, "$api: $name: ... and has every byte");
	note(sprintf '%s: %s: %.1f s', $api, $name, $seconds);
	$survived++;
	return $run;
}

my $feed = '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><opensearch:totalResults>1</opensearch:totalResults>';

# Each kind of answer is a file that is written part by part.
sub answer {
	my ($name, @parts) = @_;
	open my $out, '>:raw', "$dir/$name" or die "$name: $!";
	print $out ref $_ ? $_->() : $_ for @parts;
	close $out or die "$name: $!";
	return "file:*:$dir/$name";
}

sub sparse {
	my ($name, $bytes) = @_;
	open my $out, '>:raw', "$dir/$name" or die "$name: $!";
	truncate $out, $bytes or die "$name: $!";
	close $out;
	return "file:*:$dir/$name";
}

# --- XML
my $laughs = join '', map { qq(<!ENTITY l$_ ") . "&l@{[$_ - 1]};" x 10 . '">' } 1 .. 9;
refused('arxiv', 'entities of entities', qr{DOCTYPE}, answer('laughs', qq(<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY l0 "lol">$laughs]><feed xmlns="http://www.w3.org/2005/Atom"><title>&l9;</title></feed>)));
refused('arxiv', 'one large entity, often', qr{DOCTYPE}, answer('quadratic', '<!DOCTYPE feed [<!ENTITY a "', 'a' x 100_000, '">]><feed xmlns="http://www.w3.org/2005/Atom"><title>', '&a;' x 100_000, '</title></feed>'));
my $lure = server();
my $passwd = refused('arxiv', 'an entity in a file', qr{DOCTYPE}, answer('external', qq(<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>), substr($feed, 38), '<entry><title>&x;</title></entry></feed>'));
unlike($passwd->{err}, qr{root:}, '... of which nothing is told') if $passwd;
refused('arxiv', 'an entity on a server', qr{DOCTYPE}, answer('fetched', qq(<!DOCTYPE feed SYSTEM "$lure->{base}/feed.dtd" [<!ENTITY x SYSTEM "$lure->{base}/x">]>), substr($feed, 38), '<entry><title>&x;</title></entry></feed>'));
is(scalar(requests($lure)), 0, '... which nobody asked');
refused('arxiv', 'a DOCTYPE and no more', qr{DOCTYPE}, answer('doctype', '<!DOCTYPE feed>', substr($feed, 38), '</feed>'));
refused('arxiv', '1,000 levels', qr{nested|deep|depth}i, answer('deep', $feed, '<a>' x 1000, '</a>' x 1000, '</feed>'));
refused('arxiv', '1,000,000 levels', qr{nested|deep|depth}i, answer('deeper', $feed, '<a>' x 1_000_000));
refused('arxiv', 'millions of attributes', qr{\S}, answer('attributes', $feed, '<entry', (map { my $from = $_; sub { join '', map { " a$_=''" } $from .. $from + 99_999 } } map { $_ * 100_000 } 0 .. 39), '/></feed>'));
refused('arxiv', 'a field of 60 MB', qr{\S}, answer('field', $feed, '<entry><id>http://arxiv.org/abs/2606.00001v1</id><title>', (sub { 'x' x $megabyte }) x 60, '</title></entry></feed>'));

refused('arxiv', 'millions of names', qr{too many names}, answer('names', $feed, '<entry>', (map { my $from = $_; sub { join '', map { "<a$_/>" } $from .. $from + 99_999 } } map { $_ * 100_000 } 0 .. 29), '</entry></feed>'));
refused('arxiv', 'a million namespaces', qr{too many names}, answer('namespaces', $feed, '<entry>', (map { my $from = $_; sub { join '', map { "<a xmlns='$_'/>" } $from .. $from + 99_999 } } map { $_ * 100_000 } 0 .. 9), '</entry></feed>'));
refused('arxiv', 'a bad byte in a body of 60 MB', qr{UTF-8}, answer('bad', $feed, "<entry><title>\xff</title><x>", (sub { '&lt;' x ($megabyte / 4) }) x 60, '</x></entry></feed>'));

# --- JSON
refused('s2', 'a bad byte and a key of 60 MB', qr{memory}, answer('key.json', qq({"total":1,"token":null,"data":[{"title":"\xff","), (sub { 'k' x $megabyte }) x 60, '":1}]}'));
refused('s2', 'half a million papers and a text of 50 MB', qr{memory}, answer('heavy.json', '{"total":1,"token":null,"data":[', (sub { '{},' x 10_000 }) x 49, '"', (sub { 'x' x $megabyte }) x 50, '"]}'));
refused('s2', 'a million texts', qr{memory|values}, answer('texts.json', '{"total":1,"token":null,"data":[', (sub { '"........................................................",' x 10_000 }) x 90, '1]}'));
refused('s2', '1,000 levels', qr{nested|deep|depth}i, answer('deep.json', '{"total":1,"token":null,"data":', '[' x 1000, ']' x 1000, '}'));
refused('s2', '1,000,000 levels', qr{nested|deep|depth}i, answer('deeper.json', '{"total":1,"token":null,"data":', '[' x 1_000_000));
refused('s2', 'millions of members', qr{\S}, answer('members.json', '{', (map { my $from = $_; sub { join '', map { qq("a$_":0,) } $from .. $from + 99_999 } } map { $_ * 100_000 } 0 .. 39), '"total":1}'));

# --- both
my $bomb = "$dir/bomb.gz";
my ($gzip) = grep { -x } map { "$_/gzip" } split /:/, $ENV{PATH} // '';
system("head -c 300000000 /dev/zero | tr '\\0' ' ' | '$gzip' -1 > '$bomb'") == 0 or die "gzip: $?" if $gzip;
for my $api (qw(arxiv s2)) {
	refused($api, 'a body of 2 GiB', qr{larger than|too large|over .* bytes}i, sparse('sparse', 2 << 30));
	refused($api, 'a field of 100 MB', qr{larger than|too large|over .* bytes}i, answer('large', $api eq 'arxiv' ? "$feed<entry><title>" : '{"data":[{"title":"', (sub { 'x' x $megabyte }) x 100));
	SKIP: {
		skip 'there is no gzip here', 1 unless $gzip;
		refused($api, 'a gzip bomb', qr{larger than|too large|over .* bytes}i, "gzipfile:*:$bomb");
	}
}

# --- redirects
my $other = server();
for my $api (qw(arxiv s2)) {
	my @env = (env => { S2_API_KEY => 'the-key-of-somebody' });
	for my $case (['another server', $other->{base}], ['a file', 'file:///etc/passwd'], ['FTP', 'ftp://127.0.0.1/feed'], ['no address', 'http://'], ['itself', '']) {
		my ($name, $to) = @$case;
		my $run = refused($api, "a redirect to $name", qr{redirect}i, 'redirect:*' . ($to eq '' ? '' : ":$to"), @env);
		ok(index($run->{err}, 'the-key-of-somebody') < 0, "$api: a redirect to $name: the key is not told") if $run;
	}
}
is(scalar(requests($other)), 0, 'the other server was never asked');

# --- a certificate that nobody vouches for
my ($openssl) = grep { -x } map { "$_/openssl" } split /:/, $ENV{PATH} // '';
SKIP: {
	skip 'there is no openssl command here', 3 unless $openssl;
	system("'$openssl' req -x509 -newkey rsa:2048 -nodes -keyout '$dir/key.pem' -out '$dir/cert.pem' -days 2 -subj /CN=127.0.0.1 >'$dir/openssl.log' 2>&1") == 0 or die "openssl: $?";
	my $free = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) or die "socket: $!";
	my $port = $free->sockport;
	close $free;
	my $tls = start([], command => [$openssl, 's_server', '-quiet', '-accept', "127.0.0.1:$port", '-key', "$dir/key.pem", '-cert', "$dir/cert.pem", '-www']);
	for (1 .. 500) { last if IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port); select undef, undef, undef, 0.02 }
	my $run = run('build', "$dir/tls", '--topic', 'speculative decoding', '--as-of', '2026-06-19', Fineset::options_to($healthy->{base}), '--s2-url', "https://127.0.0.1:$port/graph/v1");
	kill 'TERM', $tls->{pid};
	finish($tls);
	is($run->{code}, 2, 'a certificate that nobody vouches for: exit 2');
	like($run->{err}, qr{certificate}i, '... and the reason');
	isnt(status("$dir/tls", 'semantic_scholar')->{status}, 'ok', '... it counts as failed');
	$survived++;
}

# --- what is no server on this machine keeps the public pace, and is asked by https alone
for my $case (['--arxiv-url', 'https://arxiv.invalid/api/query', '--arxiv-interval'], ['--s2-url', 'https://s2.invalid/graph/v1', '--s2-interval']) {
	my ($option, $url, $interval) = @$case;
	my $name = $option eq '--arxiv-url' ? 'FINESET_ARXIV_URL' : 'FINESET_S2_URL';
	my @rest = ('--topic', 'speculative decoding', $option eq '--arxiv-url' ? ('--s2-url', "$healthy->{base}/graph/v1") : ('--arxiv-url', "$healthy->{base}/api/query"));
	my $run = run('build', "$dir/pace", @rest, $option, $url, $interval, '0');
	is($run->{code}, 64, "$option elsewhere, faster than it may be: a usage error");
	one_line($run, qr{too fast}, "$option elsewhere");
	$run = run('build', "$dir/pace", @rest, $interval, '0.5', { env => { $name => $url } });
	is($run->{code}, 64, "$name elsewhere: the same");
	one_line($run, qr{too fast}, "$name elsewhere");
	$run = run('build', "$dir/pace", @rest, $option, $url =~ s/^https/http/r);
	is($run->{code}, 64, "$option elsewhere without TLS: a usage error");
	one_line($run, qr{https}, "$option elsewhere without TLS");
	$survived += 3;
}
ok(!-e "$dir/pace", 'nothing was made for them');
diag("$survived hostile answers were survived");
cmp_ok($survived, '>=', $ENV{SAN} ? 20 : 35, '... not fewer than there are');
done_testing;
