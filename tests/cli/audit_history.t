#!/usr/bin/perl
# fineset audit: what moved the score of a paper over the snapshots that are kept.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use JSON::PP;
use Test::More;

my $demo = "$dir/demo";
my $journal = "$demo/sources/semantic_scholar.jsonl";
my $changing = "$dir/world.jsonl";
spew($changing, slurp($world));
my $server = server('--world', $changing);

# The world goes on: Semantic Scholar says something else of a paper.
sub say_later {
	my ($id, %new) = @_;
	my @papers = map { json($_) } lines($changing);
	for my $paper (grep { $_->{s2} && (($_->{arxiv} // {})->{id} // '') eq $id } @papers) {
		@{ $paper->{s2}[0] }{ keys %new } = values %new;
	}
	spew($changing, map { JSON::PP->new->utf8->canonical->encode($_) . "\n" } @papers);
	stop($server);
	$server = server('--world', $changing);
}

sub audited {
	my ($id) = @_;
	my $run = run('audit', $demo, $id, '--json');
	is($run->{code}, 0, "$id is explained");
	return json($run->{out});
}

# Which causes a moment names, in the order of its keys.
sub causes {
	my ($moment) = @_;
	return join ' ', @{ $moment->{moved_by} // [] };
}

is(build($demo, $server->{base})->{code}, 0, 'the first snapshot');
my @rows = rows("$demo/latest/data.jsonl");
my ($young) = grep { ($_->{published_date} // '') gt '2026-06-01' && $_->{quality_score} == 0.35 && @{ $_->{sources} } == 2 } @rows;
my ($fading, $famous) = grep { ($_->{published_date} // '') lt '2026-04-01' && ($_->{published_date} // '') gt '2026-01-01' && $_->{citation_count} == 0
    && $_->{influential_citation_count} == 0 } @rows;
ok($young && $fading && $famous, 'the world has a young paper and two that fade');

say_later($young->{arxiv_id}, citationCount => 99);
say_later($famous->{arxiv_id}, citationCount => 9999);
is(build($demo, $server->{base}, '--as-of', '2026-06-20')->{code}, 0, 'the second snapshot, after a hundred citations');
my (undef, undef, @before) = @{ audited($young->{arxiv_id})->{records} };
is(join(' ', map { "$_->{source} $_->{superseded}" } @before), 'semantic_scholar 1', 'the record that was renewed is listed as superseded');
my $first_then = run('audit', '-q', "$demo/snapshots/2026-06-19");
is_deeply([@$first_then{qw(code err)}], [0, ''], 'the first snapshot is held against the sources as they stood then');
say_later($young->{arxiv_id}, venue => 'ICML', influentialCitationCount => 1);
is(build($demo, $server->{base}, '--as-of', '2026-06-22')->{code}, 0, 'the third, with a venue');
stop($server);

my $moved = audited($young->{arxiv_id});
my @history = @{ $moved->{history} };
is(join(' ', map { $_->{snapshot} } @history), '2026-06-19 2026-06-20 2026-06-22', 'three snapshots, oldest first');
is(join(' ', map { $_->{quality_score} } @history), '0.35 0.5 0.55', 'and the score in each');
is(causes($history[0]), '', 'nothing before the first');
is(causes($history[1]), 'citation_count', 'citations moved it');
is(causes($history[2]), 'venue', 'then the venue, and not the influential citation that came with it');

my $aged = audited($fading->{arxiv_id});
is(causes($aged->{history}[1]), 'age', 'a paper that only grew older');
cmp_ok($aged->{history}[0]{quality_score}, '>', $aged->{history}[1]{quality_score}, '... and fell by it');
my $cited = audited($famous->{arxiv_id});
is(causes($cited->{history}[1]), 'citation_count', 'age has no part in a score that is all impact');

# --- for a person
my $text = run('audit', $demo, $young->{arxiv_id})->{out};
like($text, qr/2026-06-20 .*0\.5\b.*citation/, 'the text says so too');
like($text, qr/2026-06-22 .*0\.55\b.*venue/, '... of the venue');

# --- where it comes from
my ($arxiv, $s2, @older) = @{ $moved->{records} };
is($arxiv->{source}, 'arxiv', 'arXiv supplies first');
is($s2->{source}, 'semantic_scholar', 'then Semantic Scholar');
is(scalar(@older), 0, 'of the earlier ones none is left, the journal is compacted');
like($s2->{fetched}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'with the time at which each was fetched');

# --- an old snapshot is audited for itself, by the sources as they stood then
my $then = run('audit', "$demo/snapshots/2026-06-19");
is($then->{code}, 0, 'the first snapshot still reproduces') or diag($then->{out}, $then->{err});
like($then->{out}, qr/^(\d+) of \1 rows reproduce$/m, '... every row');
my $first = json(run('audit', "$demo/snapshots/2026-06-19", $young->{arxiv_id}, '--json')->{out});
is($first->{score}{stored}, 0.35, 'a paper of an old snapshot is explained as of then');
is($first->{as_of}, '2026-06-19', '... with its date');
is(run('audit', $demo)->{code}, 0, 'and so does the latest');

# --- a journal that was rewritten: the rows are held against themselves, which is told
my $gone = 0;
spew($journal, grep { !(/^\{"source"/ && $gone++ < 3) } lines($journal));
my $rewritten = run('audit', $demo);
is($rewritten->{code}, 0, 'without the sources of then');
like($rewritten->{err}, qr/sources were rewritten since/, '... the rows are held against themselves, which is told');
done_testing;
