#!/usr/bin/perl
# `fineset build` on the demo world: what lands on disk, what every made-up paper becomes, what it costs in requests.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256_hex);
use Fineset;
use Test::More;

my $server = server();
my $demo = "$dir/demo";
my $snapshot = "$demo/snapshots/2026-06-19";

# --- the run itself
my $built = build($demo, $server->{base});
is($built->{code}, 0, 'exit 0');
is($built->{out}, '', 'stdout is empty');
like($built->{err}, qr{^fineset: \Q$demo\E/snapshots/2026-06-19: 90 papers \(83 from both sources, 3 only arXiv, 4 only Semantic Scholar\)}, 'the summary names the snapshot and counts it');
like($built->{err}, qr{^fineset: +arXiv +86 matched, 2 requests, 0 asked again,}m, 'the summary tells of arXiv');
like($built->{err}, qr{^fineset: +Semantic Scholar +87 matched, 2 requests, 0 asked again,}m, 'the summary tells of Semantic Scholar');
unlike($built->{err}, qr{[\e\r]}, 'no progress line where stderr is no terminal');

my @asked = requests($server);
is(join(' ', sort map { "$_->{api}.$_->{kind}" } @asked), 'arxiv.id_list arxiv.search s2.batch s2.bulk', 'a search each, one id_list, one batch');
is(scalar(grep { $_->{status} != 200 } @asked), 0, 'all of them answered');
is(scalar(grep { !$_->{headers}{gzip} } @asked), 0, 'each asks for compressed transfer');
is(scalar(grep { ($_->{headers}{accept} // '') eq '' } @asked), 0, 'each has an Accept header');
is(scalar(grep { $_->{headers}{'user-agent'} !~ m{^fineset/\d+\.\d+\.\d+ \(\+https://[^;)]+\)$} } @asked), 0, 'each says who asks');
is(scalar(grep { $_->{headers}{has_key} } @asked), 0, 'no key without S2_API_KEY');
my ($batch) = grep { $_->{kind} eq 'batch' } @asked;
cmp_ok($batch->{body_ids}, '>=', 7, 'the batch asks for what the search did not bring');
my ($id_list) = grep { $_->{kind} eq 'id_list' } @asked;
like($id_list->{target}, qr{id_list=2604\.00909&.*max_results=1$}, 'the id_list asks for the one paper that only Semantic Scholar found');

# --- the directory
is(join(' ', map { s/ .*//r } split /\n/, listing($demo)), join(' ', sort '/', '/.lock', '/last-run.json', '/latest', '/snapshots/',
	'/snapshots/2026-06-19/', (map { "/snapshots/2026-06-19/$_" } qw(README.md changes.jsonl data.jsonl manifest.json report.html)), '/sources/',
	'/sources/arxiv.jsonl', '/sources/semantic_scholar.jsonl', '/topic.json'), 'the layout, and nothing else');
is(readlink("$demo/latest"), 'snapshots/2026-06-19', 'latest is a relative link');

# --- the rows
my @rows = rows("$snapshot/data.jsonl");
my @lines = lines("$snapshot/data.jsonl");
my @scores = raw_scores("$snapshot/data.jsonl");
my @papers = world_papers();
is(scalar(@rows), 90, '91 lines of the world are 90 papers: one pair is joined');
ok(is_valid_utf8(slurp("$snapshot/data.jsonl")), 'UTF-8');
is(scalar(grep { /\\u(?!00[01])/ } @lines), 0, 'nothing is escaped that need not be');
my $keys = join ' ', @row_keys;
is(scalar(grep { my @k = /(?:^\{|, )"([a-z_]+)": (?=["\[\dtfn])/g; "@k" ne $keys } @lines), 0, "every row has the keys in the order of DESIGN");
{
	my %corpus_id = map { my $s2 = $_; ($s2->{url} => $s2->{corpusId}) } map { @{ $_->{s2} // [] } } @papers;
	my @wrong = grep { $_->{id} ne row_id($_, $corpus_id{ $_->{url} // '' }) } @rows;
	is(join(' ', map { $_->{title} } @wrong), '', 'every id is the SHA-256 of its text');
	my @off = grep { $scores[$_] ne score_text($rows[$_], '2026-06-19') } 0 .. $#rows;
	is(join("\n", map { "$rows[$_]{title}: $scores[$_], the formula gives " . score_text($rows[$_], '2026-06-19') } @off), '', 'every score is what the formula gives, as text');
	# The world knows the time within the day; rows show the day alone.
	my %time = map { $_->{arxiv} ? ($_->{arxiv}{id} => $_->{arxiv}{versions}[0]) : () } @papers;
	my @order = sort {
		($time{ $b->{arxiv_id} // '' } // $b->{published_date} // '') cmp ($time{ $a->{arxiv_id} // '' } // $a->{published_date} // '')
		    || $a->{id} cmp $b->{id}
	} @rows;
	is(join(' ', map { $_->{id} } @rows), join(' ', map { $_->{id} } @order), 'published time descending, then id ascending');
}
is(scalar(grep { defined $_->{arxiv_id} && $_->{url} ne "https://arxiv.org/abs/$_->{arxiv_id}" } @rows), 0, 'url follows from the arXiv id');
is(scalar(keys %{ { map { $_->{id} => 1 } @rows } }), 90, 'no id stands twice');

# --- the made-up papers, one by one: what DESIGN demands of each.  A field that is not named is not looked at.
my @cs = (fields_of_study => ['Computer Science']);
my @both = (sources => ['arxiv', 'semantic_scholar'], @cs);
my @no_code = (has_code => 0, code_url => undef);
my @table = (
	# why, the text of its id, fields
	['only Semantic Scholar, with a DOI: the DOI in lower case is the id', 'doi:10.5555/demo.2025.0001', sources => ['semantic_scholar'],
		title => 'Speculative Decoding in Imaginary Compilers', authors => ['Ida Fable', 'Noel Fiction'], categories => [], @cs,
		published_date => '2025-11-03T00:00:00', url => 'https://www.semanticscholar.org/paper/7a903713ee8c83853d7be469d17483f376ea3819',
		pdf_url => 'https://example.org/papers/demo-0001.pdf', arxiv_id => undef, doi => '10.5555/demo.2025.0001', citation_count => 3,
		influential_citation_count => 1, venue => 'Journal of Imaginary Systems', @no_code],
	['only Semantic Scholar, without a DOI: the CorpusId is the id; no fields, no venue, no PDF', 's2:280000066', sources => ['semantic_scholar'],
		fields_of_study => [], categories => [], pdf_url => undef, arxiv_id => undef, doi => undef, venue => undef, published_date => '2026-01-20T00:00:00',
		url => 'https://www.semanticscholar.org/paper/06294d2980bfbba7906b2e7a5d113ea4b602aa84'],
	['two S2 records for one arXiv id: the more cited one supplies both counts', 'arxiv:2603.00101', @both, citation_count => 7,
		influential_citation_count => 2, venue => 'arXiv.org', title => 'Twin Records: Speculative Decoding Counted Twice',
		abstract => 'An invented paper of the demo world. Two Semantic Scholar records describe this one paper on speculative decoding.'],
	['a publisher\'s DOI in two spellings joins; arXiv\'s spelling stays', 'arxiv:2601.00202', @both, doi => '10.5555/Demo.Case.X1', citation_count => 5,
		influential_citation_count => 1, venue => 'Journal of Imaginary Systems', published_date => '2026-01-05T00:00:00', categories => ['cs.LG', 'cs.CL'], @no_code],
	['an arXiv DOI in capitals is the arXiv id', 'arxiv:2512.00303', @both, doi => '10.48550/ARXIV.2512.00303', citation_count => 1, venue => 'arXiv.org',
		published_date => '2025-12-01T00:00:00'],
	['known by its DBLP key alone', 'arxiv:2511.00404', @both, doi => undef, venue => 'arXiv.org', categories => ['cs.DL', 'cs.CL']],
	['an old id', 'arxiv:cs/0601001', @both, url => 'https://arxiv.org/abs/cs/0601001', pdf_url => 'https://arxiv.org/pdf/cs/0601001v1', citation_count => 12,
		venue => undef, published_date => '2006-01-03T00:00:00'],
	['an old id of a subject class, unknown to Semantic Scholar', 'arxiv:math/0309136', sources => ['arxiv'], fields_of_study => [],
		pdf_url => 'https://arxiv.org/pdf/math/0309136v2', citation_count => 0, influential_citation_count => 0, venue => undef, published_date => '2003-09-08T00:00:00'],
	['three versions: the date of v1, the PDF of v3; arXiv\'s DOI if there is no other', 'arxiv:2510.00505', @both, published_date => '2025-10-05T00:00:00',
		pdf_url => 'https://arxiv.org/pdf/2510.00505v3', doi => '10.48550/arXiv.2510.00505'],
	['a chain: A and B share the arXiv id, B and C the DOI', 'arxiv:2509.00606', @both, doi => '10.5555/demo.chain.7', citation_count => 6, influential_citation_count => 1,
		venue => 'Imaginary Conference on Chains', authors => ['Kate Chain', 'Ringo Link']],
	['a DOI in conflict joins nothing: this one', 'arxiv:2508.00707', @both, doi => '10.5555/demo.conflict.1', citation_count => 1,
		title => 'Copper Pipes and Speculative Decoding'],
	['... and that one', 'arxiv:2508.00708', sources => ['arxiv'], doi => '10.5555/demo.conflict.1', citation_count => 0, title => 'On the Weather of Distant Servers, with Speculative Decoding'],
	['two arXiv ids, one DOI, one title: joined under the one published first', 'arxiv:2507.00801', @both, categories => ['cs.CL'], doi => '10.5555/demo.twice.2',
		published_date => '2025-07-08T00:00:00', citation_count => 9, influential_citation_count => 1, pdf_url => 'https://arxiv.org/pdf/2507.00801v1',
		title => 'Same Name, Two Numbers: Speculative Decoding Posted Twice'],
	['found by Semantic Scholar alone, asked from arXiv by id: arXiv\'s words win', 'arxiv:2604.00909', @both, categories => ['cs.LG'], citation_count => 2,
		abstract => 'An invented paper of the demo world. A drafter guesses, a verifier checks.', pdf_url => 'https://arxiv.org/pdf/2604.00909v1'],
	['found by arXiv alone, asked in the batch by its arXiv id', 'arxiv:2602.01010', @both, citation_count => 8, influential_citation_count => 2, doi => undef,
		abstract => 'An invented paper of the demo world. Speculative decoding with an abstract that a publisher withheld elsewhere.'],
	['... and by its DOI', 'arxiv:2602.01011', @both, citation_count => 3, doi => '10.5555/demo.print.5', venue => 'Imaginary Press', published_date => '2026-02-11T00:00:00'],
	['cited ten thousand times', 'arxiv:2301.01111', @both, citation_count => 10000, influential_citation_count => 99],
	['a year without a day is 1 January; fields from s2FieldsOfStudy, each once', 'doi:10.5555/demo.undated.1', sources => ['semantic_scholar'],
		published_date => '2025-01-01T00:00:00', fields_of_study => ['Computer Science', 'Mathematics'], pdf_url => undef, venue => 'Imaginary Letters'],
	['no date at all', 's2:280000083', published_date => undef, doi => undef, @cs],
	['LaTeX, markup, an astral letter and a line separator', 'arxiv:2606.01212', @both,
		title => "Speculative Decoding with \$\\gamma\$-Drafts, \"Quoted\" \\emph{Titles} & <b>Bold</b> \x{c5}ngstr\x{f6}m Claims \x{1d507}",
		abstract => "An invented paper of the demo world. Speculative decoding for \$p(x) < q(x)\$ & \\textbf{more}. A second paragraph with a line separator, an astral \x{1d54a} and \x{201c}quotes\x{201d}.",
		authors => ["\x{c5}sa \x{c5}ngstr\x{f6}m", "Jos\x{e9} \x{d1}and\x{fa}", "\x{674e} \x{96f7}", "\x{d3}scar \x{201c}Oz\x{201d} O'Neil"],
		venue => "\x{c5}ngstr\x{f6}m Lett\x{eb}rs", doi => '10.5555/(demo)0001<1:wild>2.0.co;2-z', @no_code],
	['two hundred authors, all of them from arXiv', 'arxiv:2605.01313', @both, authors => [map { sprintf 'Author %s. Number%03d', chr(ord('A') + ($_ - 1) % 26), $_ } 1 .. 200]],
	['two DOIs: the first is shown, the second joins', 'arxiv:2506.01414', @both, doi => '10.5555/demo.first.1', venue => 'Imaginary Journal Two', citation_count => 11],
	['code on GitLab, in the abstract, without scheme and with .git', 'arxiv:2606.01515', @both, has_code => 1, code_url => 'https://gitlab.com/example-lab/tales'],
	['code on Codeberg, in the comment', 'arxiv:2606.01616', @both, has_code => 1, code_url => 'https://codeberg.org/example/hikes'],
	['withdrawn: stays, with its last version', 'arxiv:2605.01717', @both, pdf_url => 'https://arxiv.org/pdf/2605.01717v2', @no_code],
);
my %row = map { $_->{id} => $_ } @rows;
for my $case (@table) {
	my ($why, $text, %want) = @$case;
	my $row = $row{ paper_id($text) };
	my %got = map { my $value = $row->{$_}; $_ => JSON::PP::is_bool($value) ? $value ? 1 : 0 : $value } keys %want;
	is_deeply(\%got, \%want, "$text: $why");
}
is($row{ paper_id('arxiv:2507.00999') }, undef, 'the second number of the joined pair has no row');
is($scores[ (grep { ($rows[$_]{arxiv_id} // '') eq '2301.01111' } 0 .. $#rows)[0] ], '1.0', 'the highest score is printed as 1.0');
is($scores[$#scores], '0.0', '... the lowest, of the paper without a date, as 0.0');
is(scalar(@table), grep({ $_->{sources}[0] eq 'semantic_scholar' || $_->{abstract} =~ /^An invented paper/ } @rows), 'the table names every made-up paper');

# --- the manifest
my $manifest = json(slurp("$snapshot/manifest.json"));
is($manifest->{format}, 1, 'manifest: format');
like($manifest->{generator}, qr{^fineset \d+\.\d+\.\d+$}, 'manifest: generator');
is($manifest->{snapshot_date}, '2026-06-19', 'manifest: snapshot_date');
is_deeply($manifest->{topic}{any}, ['speculative decoding'], 'manifest: topic');
is($manifest->{records}, 90, 'manifest: records');
is($manifest->{with_code}, scalar(grep { $_->{has_code} } @rows), 'manifest: with_code');
is_deeply($manifest->{date_range}, ['2003-09-08', '2026-06-18'], 'manifest: date_range');
for my $name (qw(data.jsonl README.md changes.jsonl report.html)) {
	my $text = slurp("$snapshot/$name");
	is_deeply($manifest->{files}{$name}, { bytes => length $text, sha256 => sha256_hex($text) }, "manifest: size and digest of $name");
}
is(join(' ', sort keys %{ $manifest->{files} }), 'README.md changes.jsonl data.jsonl report.html', 'manifest: no other file');
for my $want (['arxiv', 87, 86, '2026-06-19'], ['semantic_scholar', 89, 87, undef]) {
	my ($name, $records, $matched, $cutoff) = @$want;
	my $source = $manifest->{sources}{$name};
	is_deeply([@$source{qw(status records requests retries matched_total cutoff)}], ['ok', $records, 2, 0, $matched, $cutoff], "manifest: $name");
	is($records, scalar(grep { !/^\{"(?:query|commit)":/ } lines("$demo/sources/$name.jsonl")), "manifest: records are those of the journal of $name");
}
is_deeply([@{ $manifest->{merge} }{qw(source_records papers merged)}], [176, 90, 86], 'manifest: merge');
is_deeply([map { [@$_{qw(doi arxiv_ids)}, $_->{joined} ? 1 : 0] } @{ $manifest->{merge}{conflicts} }],
	[['10.5555/demo.conflict.1', ['2508.00707', '2508.00708'], 0], ['10.5555/demo.twice.2', ['2507.00801', '2507.00999'], 1]], 'manifest: both conflicts');
{
	my @sorted = sort { $a <=> $b } @scores;
	my %times;
	$times{$_}++ for @scores;
	my ($tie) = sort { $b <=> $a } values %times;
	is($manifest->{quality_score}{distinct}, scalar(keys %times), 'manifest: distinct scores');
	is($manifest->{quality_score}{largest_tie}{records}, $tie, 'manifest: the largest tie');
	cmp_ok(abs(grep({ $_ <= $manifest->{quality_score}{p50} } @sorted) - 45), '<=', $tie, 'manifest: p50 stands in the middle');
	cmp_ok($manifest->{quality_score}{p10}, '<=', $manifest->{quality_score}{p50}, 'manifest: p10 <= p50');
	cmp_ok($manifest->{quality_score}{p50}, '<=', $manifest->{quality_score}{p90}, 'manifest: p50 <= p90');
}

# --- the card
{
	my $card = slurp("$snapshot/README.md");
	my ($front, $body) = $card =~ /\A---\n(.*?)\n---\n(.*)\z/s;
	ok(defined $front, 'card: front matter');
	like($front, qr{^pretty_name: "speculative decoding"$}m, 'card: pretty_name');
	like($front, qr{^license: }m, 'card: license');
	like($front, qr{^size_categories:\n- "n<1K"$}m, 'card: size_categories');
	like($front, qr{^configs:\n- config_name: default\n.*path: data\.jsonl}ms, 'card: configs');
	is(join(' ', $front =~ /^  - name: ([a-z_]+)\n    (?:dtype|list): /mg), $keys, 'card: all 18 features, in order');
	like($body, qr{^90 research papers}m, 'card: the count');
	is(scalar(grep { $body !~ /^\| $_ \| /m } @row_keys), 0, 'card: every field is explained');
	like($body, qr{impact.*freshness.*recency}s, 'card: how the score is made');
	like($body, qr{^\| arXiv \| ok \| 87 \| 86 \| 2 \| 0 \|}m, 'card: how arXiv ended');
	like($body, qr{^\| Semantic Scholar \| ok \| 89 \| 87 \| 2 \| 0 \|}m, 'card: how Semantic Scholar ended');
	like($body, qr{thank you to arXiv}i, 'card: arXiv is thanked');
	like($body, qr{semanticscholar\.org.*Semantic Scholar Open Data Platform}s, 'card: Semantic Scholar is named');
}
is(scalar(grep { $_->{change} eq 'added' && $row{ $_->{id} } } rows("$snapshot/changes.jsonl")), 90, 'changes.jsonl: all added');
{
	my $topic = json(slurp("$demo/topic.json"));
	is_deeply($topic, { name => 'speculative decoding', any => ['speculative decoding'], all => [], none => [], categories => [], from => undef, to => undef,
		match => 'title+abstract', keep => 7, license => undef }, 'topic.json: every key, for people to edit');
	my $last = json(slurp("$demo/last-run.json"));
	is_deeply([@$last{qw(command outcome exit_code snapshot records added changed removed)}], ['build', 'done', 0, 'snapshots/2026-06-19', 90, 90, 0, 0], 'last-run.json');
	like($last->{$_}, qr{^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$}, "last-run.json: $_") for qw(started ended);
}

# --- the same bytes: a second build, the other dialect, the other order
{
	my $again = build("$dir/again", $server->{base});
	is($again->{code}, 0, 'a second build in another directory');
	same_bytes("$dir/again/latest/data.jsonl", "$snapshot/data.jsonl", '... gives the same data.jsonl');
	requests($server);
	my $legacy = server('--dialect', 'legacy');
	my $old = build("$dir/legacy", $legacy->{base});
	is($old->{code}, 0, 'a build from the dialect of before 2025-11');
	same_bytes("$dir/legacy/latest/data.jsonl", "$snapshot/data.jsonl", '... gives the same data.jsonl');
	stop($legacy);
}
{
	shuffle_journal("$dir/again/sources/$_.jsonl") for qw(arxiv semantic_scholar);
	isnt(slurp("$dir/again/sources/arxiv.jsonl"), slurp("$demo/sources/arxiv.jsonl"), 'the journal is in another order now');
	my $old = listing("$dir/again/snapshots/2026-06-19");
	my $next = run('build', "$dir/again", '--as-of', '2026-06-19', Fineset::options_to($server->{base}));
	is($next->{code}, 0, 'a build of an existing DIR needs no --topic');
	is($next->{out}, '', '... and says nothing on stdout');
	like($next->{err}, qr{0 added, 0 changed, 0 removed}, '... but that nothing has changed');
	is(scalar(requests($server)), 0, '... and asks nothing: all that was committed is there');
	is(readlink("$dir/again/latest"), 'snapshots/2026-06-19.2', 'a second run that day has a name of its own');
	same_bytes("$dir/again/latest/data.jsonl", "$snapshot/data.jsonl", 'whatever the order of the journal lines: the same data.jsonl');
	is(slurp("$dir/again/latest/changes.jsonl"), '', 'changes.jsonl is empty');
	is(listing("$dir/again/snapshots/2026-06-19"), $old, 'the first snapshot stands as it was');
	my $third = run('build', "$dir/again/", '--topic', 'speculative decoding', '--as-of', '2026-06-19', '-q', Fineset::options_to($server->{base}));
	is_deeply([@$third{qw(code out err)}], [0, '', ''], '-q: silent; and the topic may be said again');
	is(readlink("$dir/again/latest"), 'snapshots/2026-06-19.3', '... the third of the day');
}

# --- keep: old snapshots go
{
	my $topic = slurp("$dir/again/topic.json");
	$topic =~ s/"keep": 7/"keep": 2/;
	spew("$dir/again/topic.json", $topic);
	is(run('build', "$dir/again", '--as-of', '2026-06-20', Fineset::options_to($server->{base}))->{code}, 0, 'the next day, keep is 2');
	opendir my $in, "$dir/again/snapshots";
	is(join(' ', sort grep { !/^\.\.?$/ } readdir $in), '2026-06-19.3 2026-06-20', 'two snapshots stay');
	is(readlink("$dir/again/latest"), 'snapshots/2026-06-20', 'latest is the new one');
}

# --- as-of: a paper published later stays out
{
	my $early = run('build', "$dir/early", '--topic', 'speculative decoding', '--as-of', '2026-03-02', Fineset::options_to($server->{base}));
	is($early->{code}, 0, '--as-of 2026-03-02');
	my @early = rows("$dir/early/latest/data.jsonl");
	my @want = grep { ($_->{published_date} // '') le '2026-03-02T00:00:00' } @rows;
	is(join(' ', sort map { $_->{id} } @early), join(' ', sort map { $_->{id} } @want), '... holds the papers up to that day, and the undated one');
	my @off = grep { (raw_scores("$dir/early/latest/data.jsonl"))[$_] ne score_text($early[$_], '2026-03-02') } 0 .. $#early;
	is(scalar(@off), 0, '... scored as of that day');
}

# --- the topic's other parts
{
	requests($server);
	my $part = build("$dir/part", $server->{base}, '--name', 'Decoding, 2026', '--category', 'cs.CL', '--from', '2026-01-01', '--to', '2026-05-31');
	is($part->{code}, 0, '--name, --category, --from, --to');
	my @part = rows("$dir/part/latest/data.jsonl");
	my @want = grep { my $row = $_; ($_->{published_date} // '') ge '2026-01-01' && $_->{published_date} lt '2026-06-01' && (!@{ $_->{categories} } || grep { $_ eq 'cs.CL' } @{ $_->{categories} }) } @rows;
	cmp_ok(scalar(@want), '>', 5, '... some papers fit');
	my %wanted = map { $_->{id} => $_->{title} } @want;
	# The window leaves out the arXiv paper of the chain and the DOI alone names this record: a paper of its own here.
	$wanted{ paper_id('doi:10.5555/demo.chain.7') } = 'Links in a Chain (Conference Version), on Speculative Decoding';
	my %got = map { $_->{id} => $_->{title} } @part;
	is_deeply(\%got, \%wanted, '... and they are those that come');
	my $topic = json(slurp("$dir/part/topic.json"));
	is_deeply([@$topic{qw(name categories from to)}], ['Decoding, 2026', ['cs.CL'], '2026-01-01', '2026-05-31'], '... topic.json keeps them');
	like(slurp("$dir/part/latest/README.md"), qr{^pretty_name: "Decoding, 2026"$}m, '... the card has the name');
	my $none = run('build', "$dir/none", '--topic', 'phrase that nobody writes', '--as-of', '2026-06-19', Fineset::options_to($server->{base}));
	is($none->{code}, 0, 'a topic without a paper is no failure');
	is(slurp("$dir/none/latest/data.jsonl"), '', '... and an empty snapshot');
	is(json(slurp("$dir/none/latest/manifest.json"))->{records}, 0, '... which says so');
}

# --- a file that may not grow is one that cannot be written, and no end by a signal
{
	my $run = build("$dir/small", $server->{base}, '-q', { prefix => ['/bin/sh', '-c', 'ulimit -f 40 && exec "$@"', 'sh'] });
	is($run->{code}, 74, 'a limit of file sizes: exit 74');
	like($run->{err}, qr{\A(?:fineset: \Q$dir\E/small/sources/\S+: cannot write: File too large\n)+\z}, '... which names the file');
	is(build("$dir/small", $server->{base}, '-q')->{code}, 0, '... and without it the run goes on');
}

# --- how it talks
{
	my $told = build("$dir/json", $server->{base}, '--json', '-q');
	is($told->{code}, 0, '--json');
	is($told->{err}, '', '... with -q nothing on stderr');
	is_deeply(json($told->{out}), json(slurp("$dir/json/last-run.json")), '... stdout is last-run.json');
	requests($server);
	my $verbose = build("$dir/verbose", $server->{base}, '-v', '--no-progress');
	is($verbose->{code}, 0, '-v');
	my @told = $verbose->{err} =~ /^fineset: ((?:arXiv|Semantic Scholar): [^\n]*)$/mg;
	is(join("\n", sort @told), "Semantic Scholar: batch of $batch->{body_ids} ids\nSemantic Scholar: search, from 0\narXiv: 1 papers by id\narXiv: search, from 0", '... tells each request');
	is(scalar(requests($server)), 4, '... as many as were sent');
}
{
	my %urls = (FINESET_ARXIV_URL => "$server->{base}/api/query", FINESET_S2_URL => "$server->{base}/graph/v1", FINESET_CONTACT => 'mailto:someone@example.org');
	my $from_env = run('build', "$dir/env", '--topic', 'speculative decoding', '--as-of', '2026-06-19', '-q', '--arxiv-interval', 0, '--s2-interval', 0, { env => \%urls });
	is_deeply([@$from_env{qw(code out err)}], [0, '', ''], 'FINESET_ARXIV_URL and FINESET_S2_URL');
	same_bytes("$dir/env/latest/data.jsonl", "$snapshot/data.jsonl", '... lead to the same data.jsonl');
	my @agents = map { $_->{headers}{'user-agent'} } requests($server);
	is(scalar(grep { m{^fineset/\S+ \(\+https://\S+; mailto:someone\@example\.org\)$} } @agents), 4, 'FINESET_CONTACT stands in the User-Agent of every request');
}
{
	my $key = 'k3y-that-nobody-may-see';
	my $locked = server('--s2-key', $key);
	my $with = build("$dir/key", $locked->{base}, '-v', '--json', { env => { S2_API_KEY => $key } });
	is($with->{code}, 0, 'S2_API_KEY opens a server that wants it');
	my @seen = requests($locked);
	is(scalar(grep { $_->{api} eq 's2' && $_->{headers}{has_key} } @seen), 2, '... it is sent to Semantic Scholar as a header');
	is(scalar(grep { $_->{api} eq 'arxiv' && $_->{headers}{has_key} } @seen), 0, '... and not to arXiv');
	my @leaks = grep { index(slurp($_), $key) >= 0 } grep { -f } map { s/ .*//r } map { "$dir/key$_" } split /\n/, listing("$dir/key");
	is("@leaks", '', '... it stands in no file');
	ok(index($with->{out} . $with->{err}, $key) < 0, '... and in no output');
	stop($locked);
}

# --- help
{
	my $help = run('build', '--help');
	is_deeply([@$help{qw(code err)}], [0, ''], 'build --help');
	like($help->{out}, qr{\A  fineset build specdec --topic "speculative decoding"\n}, '... shows an example first');
	is(scalar(grep { index($help->{out}, $_) < 0 } qw(--topic --name --category --from --to --as-of --json -q -v --no-progress --arxiv-url --s2-url
		--arxiv-interval --s2-interval --max-time FINESET_ARXIV_URL FINESET_S2_URL)), 0, '... and names every option');
	my $version = run('--version');
	is_deeply([@$version{qw(code err)}], [0, ''], '--version');
	like($version->{out}, qr{\Afineset \d+\.\d+\.\d+\n\z}, '... names it');
	my $overview = run('--help');
	is($overview->{code}, 0, '--help');
	like($overview->{out}, qr{^  build .*^  parse }ms, '... lists the commands');
}
stop($server);
# --- what a typing slip leads to
{
	my $server = server();
	my $spelled = build("$dir/spelled", $server->{base}, '--category', 'CS.cl');
	is($spelled->{code}, 0, 'a category in another case: exit 0');
	like(slurp("$dir/spelled/topic.json"), qr{"categories": \["cs\.CL"\]}, 'it is spelled as arXiv does');
	like($spelled->{err}, qr{\d+ papers, [1-9]\d* of them outside the dates and categories}, 'what stays out is counted');
	my $nothing = run('build', "$dir/nothing", '--topic', 'zzzznothing', Fineset::options_to($server->{base}));
	like($nothing->{err}, qr{^fineset: \S+/nothing: no paper at all: }m, 'a topic without papers is told');
	stop($server);
}

done_testing;
