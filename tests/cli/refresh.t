#!/usr/bin/perl
# `fineset refresh`: what it asks, what it catches, what stays, and what is said when a source misbehaves.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use JSON::PP;
use Test::More;
use Time::HiRes qw(sleep time);

my $writer = JSON::PP->new->utf8->canonical;
my @demo = world_papers();
my $number = 0;

# A server whose world holds these papers; options behind the list.
sub serve {
	my ($papers, @options) = @_;
	my $path = "$dir/world." . ++$number;
	spew($path, map { $writer->encode($_) . "\n" } @$papers);
	return server('--world', $path, @options);
}

# A copy of the papers that may be changed.
sub copy { return map { $writer->decode($writer->encode($_)) } @_ }

# A paper that both sources have; of so many versions, the first at that time.
sub paper {
	my ($id, @versions) = @_;
	my $hex = sprintf '%040x', $id =~ s/\D//gr;
	return {
		arxiv => { id => $id, title => "A Paper on Speculative Decoding, $id", abstract => "We study speculative decoding in $id.",
			authors => ['A. Uthor'], categories => ['cs.CL'], versions => [@versions], comment => undef, journal_ref => undef, doi => undef },
		s2 => [{ paperId => $hex, corpusId => 0 + ($id =~ s/\D//gr), externalIds => { ArXiv => $id, CorpusId => 0 + ($id =~ s/\D//gr) },
			url => "https://www.semanticscholar.org/paper/$hex", title => "A Paper on Speculative Decoding, $id",
			abstract => "We study speculative decoding in $id.", venue => '', year => 2026, publicationDate => substr($versions[0], 0, 10),
			citationCount => 1, influentialCitationCount => 0, authors => [{ authorId => '1', name => 'A. Uthor' }] }],
	};
}

sub refresh {
	my ($targets, $as_of, $base, @more) = @_;
	return run('refresh', ref $targets ? @$targets : $targets, '--as-of', $as_of, Fineset::options_to($base), @more);
}

# A dataset of these papers, as of 2026-06-19.
sub dataset {
	my ($name, $papers, @more) = @_;
	my $server = serve($papers);
	my $run = build("$dir/$name", $server->{base}, '-q', @more);
	die "$name: $run->{err}" if $run->{code} != 0;
	stop($server);
	return "$dir/$name";
}

sub manifest { my ($target) = @_; return json(slurp("$target/latest/manifest.json")) }
sub last_run { my ($target) = @_; return json(slurp("$target/last-run.json")) }
sub row { my ($target, $id) = @_; my ($row) = grep { ($_->{arxiv_id} // '') eq $id } rows("$target/latest/data.jsonl"); return $row }
sub change { my ($target, $id) = @_; return grep { ($_->{arxiv_id} // '') eq $id } rows("$target/latest/changes.jsonl") }
sub kinds { return join ' ', sort map { "$_->{api}.$_->{kind}" } @_ }
# Of a dataset that is asked again, the rows must be those of one that is built that day.
sub like_a_build {
	my ($target, $server, $as_of, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $fresh = "$dir/fresh." . ++$number;
	my $run = run('build', $fresh, '--topic', 'speculative decoding', '--as-of', $as_of, '-q', Fineset::options_to($server->{base}));
	is($run->{code}, 0, "$name: a build of that day");
	same_bytes("$target/latest/data.jsonl", "$fresh/latest/data.jsonl", "$name: the rows of a build of that day");
}

# --- nothing is new
{
	my $target = dataset('quiet', \@demo);
	my %before = map { $_->{id} => $_ } rows("$target/latest/data.jsonl");
	my $server = serve(\@demo);
	my $run = refresh($target, '2026-06-20', $server->{base});
	is($run->{code}, 0, 'nothing new: exit 0');
	is($run->{out}, '', 'nothing new: stdout is empty');
	is($run->{err}, "fineset: $target/snapshots/2026-06-20: nothing new, 90 papers\n", 'nothing new: one line');
	my @asked = requests($server);
	is(kinds(@asked), 'arxiv.search s2.batch s2.bulk', 'nothing new: one request to arXiv, two to Semantic Scholar');
	like($asked[0]{target} . $asked[1]{target}, qr{sortBy=lastUpdatedDate&sortOrder=descending}, 'nothing new: arXiv is asked for the last updates first');
	is(readlink("$target/latest"), 'snapshots/2026-06-20', 'nothing new: a snapshot of that day all the same');
	is(manifest($target)->{sources}{arxiv}{cutoff}, '2026-06-20', 'nothing new: ... searched up to that day');
	my @rows = rows("$target/latest/data.jsonl");
	my @scores = raw_scores("$target/latest/data.jsonl");
	is(scalar(grep { $scores[$_] ne score_text($rows[$_], '2026-06-20') } 0 .. $#rows), 0, 'nothing new: scored as of that day');
	is(scalar(grep { !$before{ $_->{id} } } @rows), 0, 'nothing new: the same ids');
	is(scalar(grep { "@{[sort keys %{ $_->{fields} // {} }]}" ne 'quality_score' } rows("$target/latest/changes.jsonl")), 0, 'nothing new: no change but of scores');
	my $silent = refresh($target, '2026-06-21', $server->{base}, '-q');
	is_deeply([@$silent{qw(code out err)}], [0, '', ''], '-q: silent when all is well');
	requests($server);
	# A build of a later day is the same; of the same day it asks nothing.
	is(run('build', $target, '--as-of', '2026-06-22', '-q', Fineset::options_to($server->{base}))->{code}, 0, 'a build of a later day');
	is(kinds(requests($server)), 'arxiv.search s2.batch s2.bulk', '... asks what a refresh asks');
	is(run('build', $target, '--as-of', '2026-06-22', '-q', Fineset::options_to($server->{base}))->{code}, 0, 'a build of the same day');
	is(kinds(requests($server)), '', '... asks nothing');
	is(refresh($target, '2026-06-22', $server->{base}, '-q')->{code}, 0, 'a refresh of the same day');
	is(kinds(requests($server)), 'arxiv.search s2.batch s2.bulk', '... asks');
	is(refresh($target, '2026-06-10', $server->{base}, '-q')->{code}, 0, 'a clock that went back: exit 0');
	is(refresh($target, '2026-06-22', $server->{base}, '-q')->{code}, 0, '... and forth again: exit 0');
	is(scalar(rows("$target/latest/data.jsonl")), 90, '... nothing is lost');
	stop($server);
}

# --- new papers, new versions, new counts; late ones
{
	my $target = dataset('news', \@demo);
	my $old = row($target, '2606.13426');
	my @papers = copy(@demo);
	for my $paper (@papers) {
		next unless $paper->{arxiv} && $paper->{arxiv}{id} eq '2606.13426';
		push @{ $paper->{arxiv}{versions} }, '2026-06-20T08:00:00Z';
		$paper->{arxiv}{title} = 'Block Verification, Revised, for Speculative Diffusions';
		$paper->{s2}[0]{citationCount} = 77;
	}
	push @papers, paper('2606.90001', '2026-06-20T10:00:00Z');
	# Submitted nine days before the last run, and on hold since.
	push @papers, paper('2606.90002', '2026-06-10T10:00:00Z');
	my $server = serve(\@papers);
	my $run = refresh($target, '2026-06-20', $server->{base});
	is($run->{code}, 0, 'news: exit 0');
	like($run->{err}, qr{^fineset: +changes +2 added, \d+ changed, 0 removed$}m, 'news: told');
	unlike($run->{err}, qr{arXiv counts|unseen}, 'news: no drift');
	is(kinds(requests($server)), 'arxiv.search s2.batch s2.bulk', 'news: not a request more');
	is(join(' ', map { $_->{change} } change($target, '2606.90001')), 'added', 'a new paper is added');
	is(join(' ', map { $_->{change} } change($target, '2606.90002')), 'added', 'a paper that surfaces late with an old submission date is caught');
	my $row = row($target, '2606.13426');
	is($row->{title}, 'Block Verification, Revised, for Speculative Diffusions', 'a revision updates its row');
	is_deeply([@$row{qw(id published_date)}], [@$old{qw(id published_date)}], '... keeps its id and published_date');
	is($row->{pdf_url}, 'https://arxiv.org/pdf/2606.13426v2', '... names its PDF');
	is($row->{citation_count}, 77, '... and counts are renewed');
	is(scalar(grep { ($_->{arxiv_id} // '') eq '2606.13426' } rows("$target/latest/data.jsonl")), 1, '... is no second paper');
	my ($change) = change($target, '2606.13426');
	is($change->{change}, 'changed', '... stands in changes.jsonl as changed, not as new');
	is_deeply([@{ $change->{fields}{title} }{qw(old new)}], [$old->{title}, $row->{title}], '... with the old and the new title');
	like_a_build($target, $server, '2026-06-20', 'news');
	stop($server);
	# Two months late: a topic of one page is seen whole.
	push @papers, paper('2604.90003', '2026-04-20T10:00:00Z');
	$server = serve(\@papers);
	is(refresh($target, '2026-06-21', $server->{base}, '-q')->{code}, 0, 'two months late: exit 0');
	is(scalar(grep { $_->{api} eq 'arxiv' } requests($server)), 1, 'two months late: one request to arXiv');
	like_a_build($target, $server, '2026-06-21', 'two months late');
	stop($server);
}

# --- a topic of more than one page: what no longer matches stays, what came too late is known by the count, and --full tells the rest
{
	my $big = "$dir/pages.jsonl";
	Fineset::generate($big, 700);
	my @old = (paper('1901.90001', '2019-01-20T10:00:00Z'), paper('1901.90002', '2019-01-21T10:00:00Z'));
	my @papers = (world_papers($big), @old);
	my ($gone) = grep { $_->{s2} } @papers[500 .. 520];
	my $target = dataset('pages', \@papers);
	my $held = manifest($target)->{sources}{arxiv}{matched_total};

	# Years late: no overlap brings it, but the count tells.
	push @papers, paper('1902.90003', '2019-02-20T10:00:00Z');
	my $server = serve(\@papers);
	my $run = refresh($target, '2026-06-20', $server->{base});
	is($run->{code}, 0, 'far too late: exit 0');
	like($run->{err}, qr{^fineset: arXiv: 1 papers have come in unseen, asking for all again$}m, 'far too late: the count tells');
	is(scalar(grep { $_->{kind} eq 'search' } requests($server)), 2, 'far too late: one request more');
	ok(row($target, '1902.90003'), 'far too late: caught');
	$held++;
	is(refresh($target, '2026-06-21', $server->{base}, '-q')->{code}, 0, 'the day after: exit 0');
	is(scalar(grep { $_->{kind} eq 'search' } requests($server)), 1, 'the day after: one search of arXiv again');
	like_a_build($target, $server, '2026-06-21', 'far too late');
	stop($server);

	@papers = grep { !$_->{arxiv} || $_->{arxiv}{id} ne '1901.90001' } @papers;
	$server = serve(\@papers);
	$run = refresh($target, '2026-06-22', $server->{base});
	is($run->{code}, 0, 'a paper goes: exit 0');
	ok(row($target, '1901.90001'), '... it stays here');
	my $less = $held - 1;
	like($run->{err}, qr{^fineset: \Q$target\E: arXiv counts $less matches, $held are held: `fineset refresh --full \Q$target\E` settles it$}m, '... and the drift is told');
	is(last_run($target)->{held}, $held, '... also in last-run.json');
	stop($server);

	# Another goes, and one comes in unseen: the count is the same.  A new version surfaces with an old date.
	my $id = $gone->{arxiv}{id};
	my ($revised) = copy($old[1]);
	push @{ $revised->{arxiv}{versions} }, '2019-05-25T10:00:00Z';
	my $late = paper('1902.90004', '2019-02-22T10:00:00Z');
	delete $late->{s2};
	@papers = ((grep { !$_->{arxiv} || $_->{arxiv}{id} ne $id && $_->{arxiv}{id} ne '1901.90002' } @papers), $revised, $late);
	$server = serve(\@papers);
	is(refresh($target, '2026-06-23', $server->{base}, '-q')->{code}, 0, 'one goes, one comes unseen: exit 0');
	is(row($target, '1902.90004'), undef, '... which nothing tells');
	requests($server);
	$run = refresh($target, '2026-06-23', $server->{base}, '--full');
	is($run->{code}, 0, '--full: exit 0');
	my @asked = requests($server);
	is(scalar(grep { $_->{kind} eq 'search' && $_->{target} =~ /sortBy=submittedDate/ } @asked), 1, '--full: everything is read');
	like($run->{err}, qr{^fineset: \Q$target\E: arXiv is asked for everything again$}m, '--full: says so');
	like($run->{err}, qr{^fineset: +all again +1 papers and 1 new versions had been missed by arXiv's refreshes, 2 papers no longer match$}m, '--full: tells what the increments had missed');
	is_deeply(last_run($target)->{missed}, { papers => 1, versions => 1, gone => 2 }, '--full: ... also in last-run.json');
	is(row($target, $_), undef, "--full: $_ is dropped") for '1901.90001', $id;
	is(row($target, '1901.90002')->{pdf_url}, 'https://arxiv.org/pdf/1901.90002v2', '--full: the revision is there');
	is(join(' ', map { $_->{change} } change($target, $id)), 'removed', '--full: changes.jsonl tells what went');
	like_a_build($target, $server, '2026-06-23', '--full');
	is(join(' ', sort map { s{.*/}{}r } glob "$target/sources/*"), 'arxiv.jsonl semantic_scholar.jsonl', '--full: the new journals take the place of the old');
	$run = refresh($target, '2026-06-24', $server->{base});
	like($run->{err}, qr{\Afineset: \S+/snapshots/2026-06-24: nothing new, \d+ papers\n\z}, 'after --full: a refresh is quiet again');
	stop($server);
}

# --- --full that does not come to its end
{
	my $target = dataset('half', \@demo);
	my $server = serve(\@demo, '--fault', 's2:500:*');
	my $run = refresh($target, '2026-06-20', $server->{base}, '--full');
	is($run->{code}, 2, '--full without Semantic Scholar: exit 2');
	is(scalar(rows("$target/latest/data.jsonl")), 90, '--full without Semantic Scholar: the old records stand in');
	is(row($target, '2606.13426')->{sources}[1], 'semantic_scholar', '... with what it had said');
	is_deeply([map { manifest($target)->{sources}{$_}{status} } qw(arxiv semantic_scholar)], ['ok', 'stale'], '... the manifest says so');
	stop($server);
	$server = serve(\@demo);
	$run = refresh($target, '2026-06-20', $server->{base});
	is($run->{code}, 0, '... the next refresh: exit 0');
	like($run->{err}, qr{^fineset: \Q$target\E: Semantic Scholar is asked for everything again$}m, '... is still to ask Semantic Scholar for everything');
	is(kinds(requests($server)), 'arxiv.id_list s2.batch s2.bulk', '... and arXiv only for what Semantic Scholar alone names');
	is(join(' ', sort map { s{.*/}{}r } glob "$target/sources/*"), 'arxiv.jsonl semantic_scholar.jsonl', '... and then it is settled');
	stop($server);
	$server = serve(\@demo, '--fault', 'arxiv:zero:*');
	$run = refresh($target, '2026-06-20', $server->{base}, '--full');
	is($run->{code}, 2, '--full where arXiv says that there is nothing: exit 2');
	is(scalar(rows("$target/latest/data.jsonl")), 90, '... which is not believed: all stay');
	is(manifest($target)->{sources}{arxiv}{cutoff}, '2026-06-20', '... with the date up to which they are known');
	stop($server);

	my $big = "$dir/big.jsonl";
	Fineset::generate($big, 4500);
	$server = server('--world', $big);
	is(build("$dir/big", $server->{base}, '-q')->{code}, 0, 'a world of several pages');
	requests($server);
	$run = refresh("$dir/big", '2026-06-19', $server->{base}, '--full', '--arxiv-interval', slowly(3), '--max-time', slowly(5));
	is($run->{code}, 2, '--full out of time: exit 2');
	is(manifest("$dir/big")->{sources}{arxiv}{status}, 'stale', '... the old records stand in');
	my @first = grep { $_->{api} eq 'arxiv' } requests($server);
	is(scalar(@first), 2, '... two pages came');
	$run = refresh("$dir/big", '2026-06-19', $server->{base});
	is($run->{code}, 0, '... the next refresh, without --full: exit 0');
	like($run->{err}, qr{^fineset: \S+/big: arXiv was not asked for everything yet: going on with that$}m, '... goes on with it');
	my @second = grep { $_->{kind} eq 'search' } requests($server);
	is(scalar(@second), 1, '... for the page that is left');
	my %seen = map { $_->{target} => 1 } @first;
	is(scalar(grep { $seen{ $_->{target} } } @second), 0, '... what was committed is not asked again');
	is(last_run("$dir/big")->{missed}{papers}, 0, '... and tells what was missed: nothing');
	stop($server);
}

# --- an order that does not hold
{
	my $target = dataset('order', \@demo);
	my $server = serve([@demo, paper('2606.90001', '2026-06-20T10:00:00Z')], '--fault', 'arxiv.search:unsorted:1');
	my $run = refresh($target, '2026-06-20', $server->{base});
	is($run->{code}, 0, 'an order that does not hold: exit 0');
	like($run->{err}, qr{^fineset: arXiv: the order by last update does not hold, asking for all again$}m, '... is told');
	is(kinds(requests($server)), 'arxiv.search arxiv.search s2.batch s2.bulk', '... and everything is read');
	like_a_build($target, $server, '2026-06-20', 'an order that does not hold');
	stop($server);
}

# --- topic.json was edited
{
	my $target = dataset('edited', \@demo);
	my $server = serve(\@demo);
	my $topic = slurp("$target/topic.json");
	spew("$target/topic.json", $topic =~ s/"name": "[^"]*"/"name": "Guess and Check"/r =~ s/"license": null/"license": "cc0-1.0"/r =~ s/"keep": 7/"keep": 2/r);
	is(refresh($target, '2026-06-20', $server->{base}, '-q')->{code}, 0, 'another name, license and keep: exit 0');
	is(kinds(requests($server)), 'arxiv.search s2.batch s2.bulk', '... cost no request');
	is(manifest($target)->{name}, 'Guess and Check', '... the manifest has the name');
	like(slurp("$target/latest/README.md"), qr{^license: cc0-1\.0$}m, '... the card the license');
	spew("$target/topic.json", $topic =~ s/"categories": \[\]/"categories": ["cs.CL"]/r);
	my $run = refresh($target, '2026-06-20', $server->{base});
	is($run->{code}, 0, 'another category: exit 0');
	like($run->{err}, qr{^fineset: \Q$target\E: topic\.json asks for other papers than before: all of them are asked from arXiv$}m, '... is told');
	my ($search) = grep { $_->{kind} eq 'search' } requests($server);
	like($search->{target}, qr{sortBy=submittedDate}, '... and answered in full');
	is(scalar(grep { @{ $_->{categories} } && !grep { $_ eq 'cs.CL' } @{ $_->{categories} } } rows("$target/latest/data.jsonl")), 0, '... with these papers only');
	is(refresh($target, '2026-06-21', $server->{base}, '-q')->{code}, 0, '... and the day after');
	($search) = grep { $_->{kind} eq 'search' } requests($server);
	like($search->{target}, qr{sortBy=lastUpdatedDate}, '... only changes are asked');
	spew("$target/topic.json", '{"any": ["x"], "categorys": []}');
	my $before = readlink "$target/latest";
	$run = refresh($target, '2026-06-21', $server->{base}, '--json');
	is($run->{code}, 78, 'a wrong topic.json: exit 78');
	is_deeply([@{ last_run($target) }{qw(command outcome exit_code snapshot sources)}], ['refresh', 'bad_topic', 78, undef, {}], '... last-run.json says so');
	is_deeply(json($run->{out}), last_run($target), '... and stdout with --json');
	is(readlink "$target/latest", $before, '... latest stands');
	stop($server);
}

# --- several datasets
{
	my ($one, $two) = map { dataset($_, \@demo) } 'one', 'two';
	my $server = serve(\@demo, '--arxiv-interval', 0.4, '--s2-interval', 0.3);
	my $run = refresh([$one, "$dir/absent", "$two/"], '2026-06-20', $server->{base}, '--arxiv-interval', 0.4, '--s2-interval', 0.3);
	is($run->{code}, 66, 'several, one of which is none: exit 66');
	like($run->{err}, qr{^fineset: \Q$dir\E/absent/topic\.json: no such file; `fineset build \S+ --topic PHRASE` makes a dataset$}m, '... says which');
	ok(!-e "$dir/absent", '... and makes none');
	is(readlink("$_/latest"), 'snapshots/2026-06-20', "... the others are refreshed: $_") for $one, $two;
	my @asked = requests($server);
	is(scalar(grep { $_->{status} != 200 } @asked), 0, 'one pace for all: no request came too soon');
	my @arxiv = grep { $_->{api} eq 'arxiv' } @asked;
	cmp_ok($arxiv[1]{t} - $arxiv[0]{t}, '>=', 0.39, '... also not the first of the next dataset');
	stop($server);
	$server = serve(\@demo, '--fault', 'arxiv:500:*');
	mkdir "$dir/plain";
	is(refresh([$one, "$dir/plain"], '2026-06-21', $server->{base}, '-q')->{code}, 66, 'partial and no input: the worst is 66');
	is(readlink("$one/latest"), 'snapshots/2026-06-21', '... the first is published');
	is(listing("$dir/plain"), '/', '... a directory without topic.json stays empty');
	stop($server);
	is(run('refresh')->{code}, 64, 'no directory: exit 64');
	is(run('refresh', $one, '--as-of', 'yesterday')->{code}, 64, 'a wrong date: exit 64');
	is(run('refresh', $one, '--arxiv-interval', 1, '--arxiv-url', 'https://export.arxiv.org/api/query')->{code}, 64, 'too fast for the public server: exit 64');
}

# --- told to stop, out of time, locked
{
	my ($one, $two);
	my $server = serve(\@demo);
	for my $signal ('TERM', 'INT') {
		($one, $two) = map { dataset("$_-$signal", \@demo) } 'stopped', 'behind';
		requests($server);
		my $running = start(['refresh', $one, $two, '--as-of', '2026-06-20', Fineset::options_to($server->{base}), '--s2-interval', 60]);
		for (1 .. 2000) {
			last if 2 == grep { /"until":(20624|29700000)\b/ } map { (lines("$one/sources/$_.jsonl"))[-1] } 'arxiv', 'semantic_scholar';
			sleep 0.01;
		}
		my $locked = refresh($one, '2026-06-20', $server->{base});
		is($locked->{code}, 75, 'a second run on the same dataset: exit 75');
		like($locked->{err}, qr{another run holds the lock: process $running->{pid} on \S+, since }, '... names the holder');
		my $begun = time;
		kill $signal, $running->{pid};
		my $run = finish($running);
		cmp_ok(time - $begun, '<', 20, "SIG$signal: it ends at once");
		is($run->{code}, 75, "SIG$signal: exit 75");
		like($run->{err}, qr{^fineset: told to stop: }m, "SIG$signal: says so");
		like($run->{err}, qr{^fineset: \Q$two\E: not refreshed: told to stop$}m, "SIG$signal: the next dataset is not begun");
		is(readlink("$one/latest"), 'snapshots/2026-06-19', "SIG$signal: the old snapshot stands");
		requests($server);
		is(refresh($one, '2026-06-20', $server->{base}, '-q')->{code}, 0, "SIG$signal: the next run: exit 0");
		is(kinds(requests($server)), 's2.batch', "SIG$signal: ... asks for nothing that was committed");
		like_a_build($one, $server, '2026-06-20', "SIG$signal: ...");
	}
	my $begun = time;
	my $run = refresh([$one, $two], '2026-06-21', $server->{base}, '--s2-interval', slowly(60), '--max-time', slowly(15));
	cmp_ok(time - $begun, '<', slowly(40), '--max-time bounds them together');
	is($run->{code}, 2, '... exit 2');
	stop($server);
	SKIP: {
		skip 'a stall is over sooner than a slow program', 2 if slowly(1) > 1;
		$server = serve(\@demo, '--fault', 'arxiv:stall:1:30');
		$run = refresh([$one, $two], '2026-06-22', $server->{base}, '--max-time', 8);
		is($run->{code}, 2, 'a dataset that takes all of its time: exit 2');
		is(join(' ', map { last_run($_)->{sources}{arxiv}{status} } $one, $two), 'cut ok', '... the next one is not starved by it');
		stop($server);
	}
}

# --- sources that fail on a refresh
{
	my $target = dataset('stale', \@demo);
	my @papers = (@demo, paper('2606.90001', '2026-06-20T10:00:00Z'));
	for my $fault ('arxiv:429:*', 'arxiv:406:*', 'arxiv:rate-text:*', 'arxiv:zero:*', 'arxiv:empty:*', 'arxiv:500:*') {
		my $server = serve(\@papers, '--fault', $fault);
		my $run = refresh($target, '2026-06-21', $server->{base});
		is($run->{code}, 2, "$fault on a refresh: exit 2");
		like($run->{err}, qr{^fineset: arXiv: (?:throttled|unreachable): }m, "$fault: told");
		is(scalar(grep { $_->{sources}[0] eq 'arxiv' } rows("$target/latest/data.jsonl")), 86, "$fault: no paper is lost");
		is_deeply([@{ manifest($target)->{sources}{arxiv} }{qw(status cutoff)}], ['stale', '2026-06-19'], "$fault: stale, with the date");
		stop($server);
	}
	my $server = serve(\@papers);
	is(refresh($target, '2026-06-22', $server->{base}, '-q')->{code}, 0, 'arXiv is back: exit 0');
	is(scalar(@{ row($target, '2606.90001')->{sources} }), 2, '... and what came meanwhile is there');
	like_a_build($target, $server, '2026-06-22', 'arXiv is back');
	stop($server);
	for my $fault ('s2:500:*', 's2.bulk:zero:*') {
		$server = serve(\@papers, '--fault', $fault);
		is(refresh($target, '2026-06-23', $server->{base})->{code}, 2, "$fault on a refresh: exit 2");
		is(row($target, '2606.13426')->{sources}[1], 'semantic_scholar', "$fault: its last known records stand in");
		stop($server);
	}
	for my $fault ('arxiv.search:short:1', 'arxiv.search:lostone:1', 'arxiv.search:empty:1', 'arxiv.search:503:1', 'arxiv.search:cutclose:1') {
		my $again = dataset($fault =~ s/\W/-/gr, \@demo);
		$server = serve(\@papers, '--fault', $fault);
		is(refresh($again, '2026-06-21', $server->{base}, '-q')->{code}, 0, "$fault, once: exit 0");
		like_a_build($again, $server, '2026-06-21', "$fault, once");
		stop($server);
	}
}

# --- what a source failed to deliver is asked by the next refresh
{
	my $server = serve(\@demo, '--fault', 's2:500:*');
	is(build("$dir/later", $server->{base}, '-q')->{code}, 2, 'Semantic Scholar down on the first build: exit 2');
	stop($server);
	$server = serve(\@demo);
	is(refresh("$dir/later", '2026-06-19', $server->{base}, '-q')->{code}, 0, '... the next refresh: exit 0');
	like_a_build("$dir/later", $server, '2026-06-19', '... brings what it had not');
	stop($server);
	$server = serve(\@demo, '--fault', 'arxiv.search:lostone:*');
	my $run = build("$dir/short", $server->{base});
	is($run->{code}, 2, 'a paper that arXiv counts and does not hand out: exit 2');
	requests($server);
	is(refresh("$dir/short", '2026-06-19', $server->{base}, '-q')->{code}, 0, '... the next refresh asks again, and then believes it');
	cmp_ok(scalar(grep { $_->{kind} eq 'search' } requests($server)), '>=', 2, '... reading everything');
	$run = refresh("$dir/short", '2026-06-20', $server->{base});
	is($run->{code}, 0, '... and later no more');
	stop($server);
}

# --- an arXiv that says nothing at all is no empty topic
{
	my $server = serve(\@demo, '--fault', 'arxiv:zero:*');
	my $run = build("$dir/zero", $server->{base});
	is($run->{code}, 69, 'arXiv says zero for search and id_list on a first build: exit 69');
	like($run->{err}, qr{^fineset: arXiv: unreachable: no papers, neither by search nor by id, where Semantic Scholar names some$}m, '... told');
	ok(!-e "$dir/zero/latest", '... nothing is published');
	stop($server);
	$server = serve(\@demo);
	is(run('build', "$dir/zero", '--as-of', '2026-06-19', '-q', Fineset::options_to($server->{base}))->{code}, 0, '... the next build: exit 0');
	like_a_build("$dir/zero", $server, '2026-06-19', '... all of it');
	stop($server);
	for my $fault ('arxiv.id_list:zero:1', 'arxiv.id_list:empty:1', 's2.batch:null:1') {
		$server = serve(\@demo, '--fault', $fault);
		my $again = build("$dir/$fault", $server->{base});
		is($again->{code}, 0, "$fault: exit 0");
		like($again->{err}, qr{not believed at once}, "$fault: asked again");
		same_bytes("$dir/$fault/latest/data.jsonl", "$dir/zero/latest/data.jsonl", "$fault: nothing is lost");
		stop($server);
	}
	my ($missing) = copy($demo[1]);
	delete $missing->{arxiv};
	$missing->{s2}[0]{externalIds}{ArXiv} = '2606.99999';
	$missing->{s2}[0]{paperId} = 'f' x 40;
	$missing->{s2}[0]{corpusId} = $missing->{s2}[0]{externalIds}{CorpusId} = 999;
	$server = serve([@demo, $missing]);
	is(build("$dir/unknown", $server->{base}, '-q')->{code}, 0, 'an id that arXiv does not know: exit 0');
	is(scalar(grep { $_->{kind} eq 'id_list' } requests($server)), 2, '... is asked once more, for the list was short');
	is(refresh("$dir/unknown", '2026-06-20', $server->{base}, '-q')->{code}, 0, '... and a refresh');
	is(kinds(requests($server)), 'arxiv.search s2.batch s2.bulk', '... does not ask for it again');
	stop($server);
}

# --- --json, help
{
	my ($one, $two) = map { dataset($_, \@demo) } 'json', 'json2';
	my $server = serve(\@demo);
	my $run = refresh($one, '2026-06-20', $server->{base}, '--json', '-q');
	is_deeply(json($run->{out}), last_run($one), '--json: stdout is last-run.json');
	is(last_run($one)->{command}, 'refresh', '... which names the command');
	stop($server);
	my $help = run('refresh', '--help');
	is($help->{code}, 0, 'refresh --help');
	is(scalar(grep { index($help->{out}, $_) < 0 } qw(--full --max-time --as-of --json -q -v --arxiv-url --s2-interval)), 0, '... names the options');
	unlike($help->{out}, qr{--topic}, '... and not those of build');
}

done_testing;
