#!/usr/bin/perl
# The Hub that push is tried against, tried itself: with the Hub's own client, unmodified, from npm.  And push against that client: both send the same.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use Hub;
use Digest::SHA ();
use JSON::PP;
use Test::More;

time_limit(300);
delete @ENV{ grep { /^(HF_|HUGGING_FACE|XDG_CACHE)/ } keys %ENV };
$ENV{HOME} = $dir;

my $modules = npm_modules('hub', '@huggingface/hub@2.17.5');
plan skip_all => "the Hub's own client is not here" unless $modules;

my $dataset = "$dir/specdec";
is(build($dataset, server()->{base})->{code}, 0, 'a dataset');
opendir my $listing, "$dataset/latest" or die "latest: $!\n";
my %bytes = map { $_ => slurp("$dataset/latest/$_") } grep { !/^\./ } readdir $listing;

sub official {
	my ($hub, $name) = @_;
	return Fineset::finish(start([], command => ['node', "$FindBin::Bin/hub.mjs", $modules, $hub->{base}, $token, $name, "$dataset/latest"]));
}

sub ours {
	my ($hub, $name, @options) = @_;
	return run('push', $dataset, $name, @options, { env => { HF_ENDPOINT => $hub->{base}, HF_TOKEN => $token } });
}

sub digests { return { map { $_ => Digest::SHA::sha256_hex($bytes{$_}) } keys %bytes } }

sub holds {
	my ($hub, $name) = @_;
	my $files = $hub->repo($name)->{files};
	return { map { $_ => $files->{$_}{sha256} } keys %$files };
}

# What was asked for, in an order of its own, without what is each one's own affair: how a commit is called and which one it follows, who may see
# a new dataset, how much of a file is a sample, and whether SHA-256 is "sha256", as in git-lfs and Python, or "sha_256".
sub said {
	my ($request) = @_;
	my ($path, $body) = @$request{qw(path body)};
	my $what = "$request->{method} $path";
	return "$what $request->{len}" if $path =~ /store/ && $request->{method} eq 'PUT';
	my @lines = map { JSON::PP->new->utf8->decode($_) } $body eq '' ? () : split /\n/, $body;
	if ($path =~ /create$/) {
		delete $lines[0]{visibility};
	} elsif ($path =~ /preupload/) {
		my @files = sort { $a->{path} cmp $b->{path} } @{ $lines[0]{files} };
		@lines = map { { path => $_->{path}, size => $_->{size} } } @files;
	} elsif ($path =~ /batch$/) {
		@lines = ({ map { $_ => $lines[0]{$_} } qw(operation objects transfers) });
		$lines[0]{objects} = [sort { $a->{oid} cmp $b->{oid} } @{ $lines[0]{objects} }];
	} elsif ($path =~ /commit/) {
		shift @lines;
		@lines = sort { $a->{value}{path} cmp $b->{value}{path} } @lines;
	}
	return join ' ', $what, map { JSON::PP->new->canonical->encode($_) } @lines;
}

sub told { return [sort map { said($_) } grep { $_->{method} ne 'GET' && $_->{path} !~ /verify/ } $_[0]->asked] }

for my $how (['whole files', 0], ['files in parts', 20000]) {
	my ($why, $parts) = @$how;
	my ($first, $second) = map { hub(parts => $parts) } 1 .. 2;
	my $run = official($first, 'me/set');
	is($run->{code}, 0, "$why: the Hub's own client is content") or diag($run->{err});
	is($run->{out}, $first->repo('me/set')->{commits}[1]{oid} . "\n", "$why: it is told the commit");
	is_deeply(holds($first, 'me/set'), digests(), "$why: every file of it is there");
	my $theirs = told($first);
	is(scalar(grep { /PUT/ } @$theirs) > keys %bytes, $parts > 0, "$why: as they should be sent");

	is(ours($second, 'me/set', '--create')->{code}, 0, "$why: push");
	is_deeply(holds($second, 'me/set'), digests(), "$why: leaves the same");
	is_deeply(told($second), $theirs, "$why: and says the same on the way");

	$run = ours($first, 'me/set');
	is($run->{code}, 0, "$why: push after the other");
	like($run->{err}, qr/nothing has changed, no commit$/, "$why: finds nothing to do");
	$run = official($second, 'me/other');
	is($run->{code}, 0, "$why: the other after push") or diag($run->{err});
	is_deeply([grep { /PUT/ } @{ told($second) }], [], "$why: finds every object stored");
	is_deeply(holds($second, 'me/other'), digests(), "$why: and has them in another dataset");
}

done_testing();
