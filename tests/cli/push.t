#!/usr/bin/perl
# `fineset push` and `refresh --push` against a Hub on loopback: what is sent, when there is a commit, every fault on the way, and where the token goes.
use strict;
use warnings;
use utf8;
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

my $api = server();
my $dataset = "$dir/specdec";
is(build($dataset, $api->{base})->{code}, 0, 'a dataset');
my $hub = hub(parts => 20000);

# push(options...): of the dataset, to the Hub, with a token.
sub push_to {
	my ($at, $to, @options) = @_;
	my %how = @options && ref $options[-1] ? %{ pop @options } : ();
	return run('push', $to, @options, { env => { HF_ENDPOINT => $at->{base}, HF_TOKEN => $token, %{ $how{env} // {} } } });
}

# The files of the latest snapshot, and what of them a repository holds: name => SHA-256.
sub here {
	opendir my $listing, "$dataset/latest" or die "latest: $!\n";
	return { map { $_ => Digest::SHA::sha256_hex(slurp("$dataset/latest/$_")) } grep { !/^\./ } readdir $listing };
}

sub there {
	my ($name) = @_;
	my $files = $hub->repo($name)->{files};
	return { map { $_ => $files->{$_}{sha256} } keys %$files };
}

sub commits { my $repo = $hub->repo($_[0]); return $repo ? scalar @{ $repo->{commits} } : 0 }

subtest 'a first push' => sub {
	my $run = run('push', $dataset, 'me/first', { env => { HF_ENDPOINT => $hub->{base}, HF_TOKEN => $token } });
	is($run->{code}, 66, 'there is no dataset');
	one_line($run, qr{me/first: the Hub has no such dataset.*--create}, 'no dataset');
	$run = push_to($hub, $dataset, 'me/first', '--create', '--dry-run');
	is($run->{code}, 0, 'a dry run');
	like($run->{out}, qr{\Ame/first would be made\n}, 'what would be made');
	like($run->{out}, qr{^data\.jsonl +\d+  would be sent$}m, 'what would be sent');
	is($run->{err}, '', 'and no more');
	is($hub->repo('me/first'), undef, 'nothing is made');
	$run = push_to($hub, $dataset, 'me/first', '--create');
	is($run->{code}, 0, 'it is made');
	is_deeply(there('me/first'), here(), 'all files stand there');
	my $repo = $hub->repo('me/first');
	is($repo->{files}{'data.jsonl'}{lfs}, 1, 'a large one in LFS');
	is($repo->{files}{'manifest.json'}{lfs}, 0, 'a small one in git');
	is(scalar @{ $repo->{commits} }, 2, 'one commit');
	my $rows = () = lines("$dataset/latest/data.jsonl");
	my $code = grep { $_->{has_code} } rows("$dataset/latest/data.jsonl");
	is($repo->{commits}[1]{summary}, "speculative decoding, snapshot of 2026-06-19: $rows papers, $code with code", 'what it is called');
	like($run->{err}, qr{: \d+ of \d+ files are new, [\d.]+ MB, commit $repo->{commits}[1]{oid}\n\z}, 'it is told');
	$hub->asked;
};

subtest 'nothing has changed' => sub {
	my $run = push_to($hub, $dataset, 'me/first');
	is($run->{code}, 0, 'all is well');
	one_line($run, qr{/datasets/me/first: nothing has changed, no commit$}, 'it says so');
	is(commits('me/first'), 2, 'no commit');
	is_deeply([map { $_->{path} } grep { $_->{method} ne 'GET' } $hub->asked], ['/api/datasets/me/first/preupload/main'], 'nothing is sent');
	like(push_to($hub, $dataset, 'me/first', '--dry-run')->{out}, qr{^0 of \d+ files, 0 bytes, would be sent\n}m, 'a dry run says so, too');
	is(push_to($hub, $dataset, 'me/first', '-q')->{err}, '', 'with -q nothing');
};

subtest 'a second snapshot sends what changed' => sub {
	is(build($dataset, $api->{base}, '--as-of', '2026-06-20')->{code}, 0, 'the next day');
	my ($before, $now) = (there('me/first'), here());
	$hub->asked;
	my $dry = push_to($hub, $dataset, 'me/first', '--dry-run');
	is_deeply([grep { $_->{path} =~ /store|commit|batch|create/ } $hub->asked], [], 'a dry run writes nothing');
	my @changed = sort grep { $now->{$_} ne ($before->{$_} // '') } keys %$now;
	is_deeply([sort map { /^(\S+) +\d+  would be sent/ ? $1 : () } split /\n/, $dry->{out}], \@changed, 'it lists them');
	my $run = push_to($hub, "$dataset/", 'me/first');
	is($run->{code}, 0, 'it goes out');
	like($run->{err}, qr{: ${\ scalar @changed} of ${\ scalar keys %$now} files are new}, 'it tells how many');
	my ($commit) = grep { $_->{path} =~ /commit/ } $hub->asked;
	is_deeply([sort map { json($_)->{value}{path} // () } split /\n/, $commit->{body}], \@changed, 'no others are in the commit');
	is_deeply(there('me/first'), $now, 'all stand there');
	is(commits('me/first'), 3, 'one more commit');
};

subtest 'a part of it stands there' => sub {
	$hub->faults({ at => '/commit/', status => 413, body => '{"error":"too large"}' });
	my $run = push_to($hub, $dataset, 'me/part', '--create');
	is($run->{code}, 65, 'the commit is too large');
	like($run->{err}, qr{Hub: the commit: HTTP 413: too large\n\z}, 'it is told');
	$hub->asked;
	is(push_to($hub, $dataset, 'me/part')->{code}, 0, 'once more');
	is_deeply([grep { $_->{path} =~ /store/ } $hub->asked], [], 'what LFS has is not sent again');
};

# What a push to a new dataset does with faults: exit code, what it says last, commits besides the first, requests to commit.
my $stale = '{"error":"A commit has happened since. Please refresh and try again."}';
my @rate = (headers => { RateLimit => '"api";r=0;t=0' });
my @cases = (
	['401', { at => 'revision', status => 401, body => qq({"error":"Invalid token $token"}) }, 77, qr{refuses the token from HF_TOKEN: HTTP 401: Invalid token \*+$}, 0, 0],
	['401 with a name', { at => 'revision', status => 401, headers => { 'X-Error-Message' => "Invalid $token", 'X-Request-Id' => 'Root-7' } }, 77, qr{HTTP 401: Invalid \*+ \(request Root-7\)$}, 0, 0],
	['403', { at => 'preupload', status => 403, body => '{"error":"Forbidden"}' }, 77, qr{which files it has: it refuses the token from HF_TOKEN: HTTP 403: Forbidden$}, 0, 0],
	['403 for the commit', { at => 'commit', status => 403 }, 77, qr{the commit: it refuses the token}, 0, 1],
	['403 for a new dataset', { at => 'create', status => 403 }, 77, qr{to make the dataset: it refuses the token}, 0, 0],
	['404', { at => 'batch', status => 404 }, 66, qr{where to send the files for LFS: HTTP 404}, 0, 0],
	['409 for a new dataset', { at => 'create', status => 409, after => 1 }, 0, undef, 1, 1],
	['409 while another makes it', { at => 'create', status => 409, body => '{"error":"Cannot create repo: another conflicting operation is in progress"}' }, 0, undef, 1, 1],
	['409 for the commit', { at => 'commit', status => 409, times => 2 }, 0, undef, 1, 3],
	['412', { at => 'commit', status => 412, body => $stale, times => 3 }, 0, undef, 1, 4],
	['412 for ever', { at => 'commit', status => 412, body => $stale, times => 99 }, 75, qr{the commit: HTTP 412: A commit has happened}, 0, 6],
	['400', { at => 'commit', status => 400, body => '{"errors":[{"message":"bad card"}]}' }, 65, qr{the commit: HTTP 400: bad card$}, 0, 1],
	['413 of the store', { at => 'PUT', status => 413 }, 65, qr{HTTP 413$}, 0, 0],
	['429 with Retry-After', { at => 'batch', status => 429, headers => { 'Retry-After' => 1 } }, 0, qr{asking again in 1\.0 s}, 1, 1],
	['429 with RateLimit', { at => 'preupload', status => 429, @rate }, 0, qr{asking again in 1\.0 s}, 1, 1],
	['429 for the commit', { at => 'commit', status => 429, @rate }, 0, qr{asking again in 1\.0 s}, 1, 2],
	['429 of another quota', { at => 'commit', status => 429, headers => { RateLimit => '"api";r=990;t=55' }, body => '{"error":"128 commits an hour"}' }, 75, qr{HTTP 429: 128 commits an hour$}, 0, 1],
	['500 after the commit', { at => 'commit', status => 500, after => 1 }, 0, qr{the commit was made all the same, [0-9a-f]{40}$}, 1, 1],
	['500 before the commit', { at => 'commit', status => 500 }, 0, undef, 1, 2],
	['500 for ever', { at => 'commit', status => 500, times => 99 }, 75, qr{the commit: HTTP 500}, 0, 6],
	['cut off after the commit', { at => 'commit', cut => 1, after => 1 }, 0, qr{the commit was made all the same}, 1, 1],
	['200 without a word after the commit', { at => 'commit', status => 200, after => 1, body => '<html>' }, 0, qr{the commit was made all the same}, 1, 1],
	['HTML with 502', { at => 'revision', status => 502, body => '<html>Bad Gateway</html>' }, 0, qr{HTTP 502; asking again}, 1, 1],
	['HTML with 502 for ever', { at => 'preupload', status => 502, body => '<html>', times => 99 }, 75, qr{which files it has: HTTP 502$}, 0, 0],
	['HTML with 200', { at => 'preupload', status => 200, body => '<html>' }, 69, qr{does not say how it wants this file$}, 0, 0],
	['307 to elsewhere', { at => 'preupload', status => 307, headers => { Location => 'http://127.0.0.2:9/' } }, 69, qr{HTTP 307, a redirect that may not be followed}, 0, 0],
	['no ETag', { at => 'PUT .*/\d+\?', etag => 1 }, 65, qr{data\.jsonl, part 1 of \d+: the store gave it no ETag$}, 0, 0],
	['a part too many', { at => 'batch', parts => 1 }, 65, qr{data\.jsonl: the addresses of its parts are not those of \d+ parts of 20000 bytes$}, 0, 0],
	['a part too few', { at => 'batch', parts => -1 }, 65, qr{are not those of}, 0, 0],
	['an upload that is cut off', { at => 'PUT', cut => 1, times => 2 }, 0, qr{asking again}, 1, 1],
	['an upload that is cut off for ever', { at => 'PUT', cut => 1, times => 99 }, 75, qr{data\.jsonl, part 1 of}, 0, 0],
	['addresses that have run out', { at => 'PUT', status => 403 }, 0, qr{asking for another address}, 1, 1],
	['addresses that never hold', { at => 'PUT', status => 403, times => 99 }, 69, qr{data\.jsonl, part 1 of \d+: HTTP 403$}, 0, 0],
	['a completion that fails once', { at => 'POST /store', status => 500 }, 0, qr{all parts: HTTP 500}, 1, 1],
	['not there when asked', { at => 'verify', status => 404, times => 99 }, 66, qr{whether it has come: HTTP 404}, 0, 0],
	['an object that is refused', { at => 'batch', status => 200, body => '{"objects":[]}' }, 65, qr{data\.jsonl: the answer does not name it$}, 0, 0],
	['xet', { at => 'batch', status => 200, body => '{"transfer":"xet","objects":[]}' }, 65, qr{another way than basic and multipart$}, 0, 0],
);
for my $case (@cases) {
	my ($why, $fault, $code, $says, $made, $asked) = @$case;
	my $other = hub(parts => 20000);
	$other->faults($fault);
	my $run = push_to($other, $dataset, 'me/x', '--create');
	my $repo = $other->repo('me/x');
	my $before = !$repo ? 0 : 1;
	is($run->{code}, $code, "$why: exit code") or diag($run->{err});
	like($run->{err}, qr{$says}m, "$why: what it says") if $says;
	is(($repo ? @{ $repo->{commits} } : $before) - $before, $made, "$why: commits");
	my @all = $other->asked;
	is(scalar(grep { $_->{path} =~ m{/commit/} } @all), $asked, "$why: asked for a commit so often");
	unlike($run->{err} . $run->{out}, qr{\Q$token\E}, "$why: no token is told");
	is(scalar(grep { $_->{path} =~ /store/ && $_->{headers}{authorization} } @all), 0, "$why: no store gets it");
	stop_hub($other);
}

subtest 'another commits meanwhile' => sub {
	my $other = hub();
	push_to($other, $dataset, 'me/x', '--create');
	build($dataset, $api->{base}, '--as-of', '2026-06-21');
	# Each commit names the head that was read before it.
	$other->asked;
	$other->faults({ at => 'commit', status => 412 });
	is(push_to($other, $dataset, 'me/x')->{code}, 0, 'it comes through');
	my @all = $other->asked;
	my $heads = grep { $_->{path} =~ /revision/ } @all;
	is($heads, 2, 'the head is read for each try');
	my @parents = map { $_->{body} =~ /"parentCommit":"([0-9a-f]{40})"/ ? $1 : 'none' } grep { $_->{path} =~ /commit/ } @all;
	is_deeply(\@parents, [($other->repo('me/x')->{commits}[1]{oid}) x 2], 'and stands in each commit');
};

subtest 'the token' => sub {
	my ($file, $other) = ("$dir/token", hub());
	spew($file, "$token\n");
	my %env = (HF_TOKEN => '', HF_TOKEN_PATH => $file);
	my $run = push_to($other, $dataset, 'me/x', '--create', '-v', { env => \%env });
	is($run->{code}, 0, 'from a file');
	unlike($run->{err} . $run->{out}, qr{\Q$token\E}, 'it is not told');
	my @all = $other->asked;
	is(scalar(grep { ($_->{headers}{authorization} // '') eq "Bearer $token" } @all), scalar(grep { $_->{path} !~ /store/ } @all), 'the Hub gets it each time');
	is(scalar(grep { $_->{path} =~ /store/ && $_->{headers}{authorization} } @all), 0, 'its store never does');
	is(scalar(grep { $_->{path} =~ /\Q$token\E/ || $_->{body} =~ /\Q$token\E/ } @all), 0, 'it stands in no address and no body');
	spew($file, 'hf_wrongtoken0123456789');
	$run = push_to($other, $dataset, 'me/x', { env => \%env });
	is($run->{code}, 77, 'a wrong one');
	one_line($run, qr{it refuses the token from \Q$file\E: HTTP 401}, 'a wrong one');
	unlike($run->{err}, qr{wrongtoken}, 'it is not told either');
	$run = push_to($other, $dataset, 'me/x', { env => { HF_TOKEN => '' } });
	is($run->{code}, 77, 'none');
	one_line($run, qr{no token.*HF_TOKEN, HUGGING_FACE_HUB_TOKEN and the file \Q$dir\E/\.cache/huggingface/token}, 'none');
};

subtest 'refused before anything is asked' => sub {
	my $other = hub();
	for my $case (
		[[$dataset], qr{push: wants a dataset directory and NAMESPACE/NAME}],
		[[$dataset, 'x'], qr{push: a dataset of the Hub is NAMESPACE/NAME.*'x'}],
		[[$dataset, 'a/b/c'], qr{exactly one slash}],
		[[$dataset, 'a/b--c'], qr{no '--'}],
		[[$dataset, 'a/b.git'], qr{\.git}],
		[[$dataset, '../b'], qr{NAMESPACE/NAME}],
		[[$dataset, 'a/b', '--revision', 'x..y'], qr{--revision: must be a branch}],
		[[$dataset, 'a/b', { env => { HF_HUB_OFFLINE => 'yes' } }], qr{HF_HUB_OFFLINE is set}],
		[[$dataset, 'a/b', { env => { HF_ENDPOINT => 'http://hub.example' } }], qr{HF_ENDPOINT: must be an https URL}],
		[[$dataset, 'a/b', { env => { HF_ENDPOINT => "http://me:word\@127.0.0.1/" } }], qr{HF_ENDPOINT: must be a URL without user}],
	) {
		my ($arguments, $says) = @$case;
		my $run = push_to($other, @$arguments);
		is($run->{code}, 64, "$says: exit code");
		one_line($run, $says, "$says");
	}
	my $run = push_to($other, "$dir/none", 'a/b');
	is($run->{code}, 66, 'no dataset');
	one_line($run, qr{none}, 'no dataset');
	is_deeply([$other->asked], [], 'nothing was asked');
};

subtest 'a snapshot that is not what its manifest tells' => sub {
	my ($copy, $other) = ("$dir/copy", hub());
	mkdir $copy;
	my $manifest = slurp("$dataset/latest/manifest.json");
	spew("$copy/$_", slurp("$dataset/latest/$_")) for keys %{ here() };
	spew("$copy/README.md", "another\n");
	my $run = push_to($other, $copy, 'a/b');
	is($run->{code}, 65, 'a changed file');
	one_line($run, qr{README\.md: is not what the manifest tells of}, 'a changed file');
	spew("$dir/secret", 'of another');
	(my $reaching = $manifest) =~ s{"README\.md"}{"../secret"};
	spew("$copy/manifest.json", $reaching);
	$run = push_to($other, $copy, 'a/b');
	is($run->{code}, 65, 'a name that leads out');
	one_line($run, qr{no file of a snapshot: '\.\./secret'}, 'a name that leads out');
	unlink "$copy/manifest.json";
	$run = push_to($other, $copy, 'a/b');
	is($run->{code}, 65, 'no manifest');
	one_line($run, qr{has no manifest\.json}, 'no manifest');
	is_deeply([$other->asked], [], 'nothing was asked');
};

subtest 'private, and branches' => sub {
	my $other = hub();
	is(push_to($other, $dataset, 'me/mine', '--private')->{code}, 0, 'a private one');
	ok($other->repo('me/mine')->{private}, 'it is');
	is(push_to($other, $dataset, 'me/mine', '--private')->{code}, 0, 'again');
	push_to($other, $dataset, 'me/open', '--create');
	ok(!$other->repo('me/open')->{private}, 'another is not');
	build($dataset, $api->{base}, '--as-of', '2026-06-22');
	my $run = push_to($other, $dataset, 'me/open', '--private');
	is($run->{code}, 64, 'which --private refuses');
	one_line($run, qr{me/open: is there, and everybody sees it}, 'which --private refuses');
	is(scalar @{ $other->repo('me/open')->{commits} }, 2, 'nothing was sent');
	$run = push_to($other, $dataset, 'me/open', '--revision', 'gone', '--create');
	is($run->{code}, 66, 'no such branch');
	one_line($run, qr{me/open: the Hub has no branch 'gone' of it}, 'no such branch');
	$other->asked;
	is(push_to($other, $dataset, 'me/open', '--revision', 'refs/pr/1')->{code}, 0, 'a reference');
	is_deeply([grep { !/refs%2Fpr%2F1$/ } map { $_->{path} } grep { $_->{path} =~ m{/api/} } (my @all = $other->asked)], [], 'percent-encoded in addresses');
	my ($batch) = grep { $_->{path} =~ /batch/ } @all;
	like($batch->{body}, qr{"ref":\{"name":"refs/pr/1"\}}, 'and not in the question to LFS');
};

subtest 'refresh --push' => sub {
	my $other = hub();
	my @options = ('--arxiv-url', "$api->{base}/api/query", '--s2-url', "$api->{base}/graph/v1", '--arxiv-interval', 0, '--s2-interval', 0);
	my %env = (HF_ENDPOINT => $other->{base}, HF_TOKEN => $token);
	my $run = run('refresh', '--push', '-q', $dataset, '--as-of', '2026-07-01', @options, { env => \%env });
	is($run->{code}, 78, 'without a word where to');
	one_line($run, qr{topic\.json: hub: --push wants}, 'without a word where to');
	my $topic = json(slurp("$dataset/topic.json"));
	spew("$dataset/topic.json", encode_json({ %$topic, hub => 'me' }));
	$run = run('refresh', '-q', $dataset, '--as-of', '2026-07-01', @options, { env => \%env });
	is($run->{code}, 78, 'a bad name');
	one_line($run, qr{topic\.json: hub: a dataset of the Hub is NAMESPACE/NAME}, 'a bad name');
	spew("$dataset/topic.json", encode_json({ %$topic, hub => 'me/x' }));
	$run = run('refresh', '--push', '-q', $dataset, '--as-of', '2026-07-01', @options, { env => \%env });
	is($run->{code}, 2, 'it cannot be pushed');
	one_line($run, qr{me/x: the Hub has no such dataset}, 'it cannot be pushed');
	is(readlink "$dataset/latest", 'snapshots/2026-07-01', 'the snapshot stands');
	my $note = json(slurp("$dataset/last-run.json"));
	is_deeply([@$note{qw(push exit_code snapshot)}], ['no_input', 2, 'snapshots/2026-07-01'], 'last-run.json tells');
	push_to($other, $dataset, 'me/x', '--create');
	$run = run('refresh', '--push', '-q', $dataset, '--as-of', '2026-07-02', @options, { env => \%env });
	is($run->{code}, 0, 'it is pushed');
	is($run->{err}, '', 'in silence');
	like($other->repo('me/x')->{commits}[-1]{summary}, qr{snapshot of 2026-07-02}, 'it stands there');
	is(json(slurp("$dataset/last-run.json"))->{push}, 'done', 'last-run.json tells that, too');
	$run = run('refresh', '-q', $dataset, '--as-of', '2026-07-03', @options, { env => \%env });
	is(json(slurp("$dataset/last-run.json"))->{push}, undef, 'without --push there is none');
	is(scalar @{ $other->repo('me/x')->{commits} }, 3, 'and no commit');
	unlike(join('', map { slurp($_) } "$dataset/last-run.json", "$dataset/topic.json", "$dataset/latest/manifest.json"), qr{\Q$token\E}, 'no file has the token');
};

done_testing();
