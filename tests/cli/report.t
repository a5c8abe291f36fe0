#!/usr/bin/perl
# report.html, used as people use it, in a real browser: each control, its address, the keyboard, both themes, a phone; what `fineset audit`
# says of a paper; titles that attack; and no request to anywhere.
use strict;
use warnings;
use utf8;
use Encode ();
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use JSON::PP;
use Test::More;

my $browser = 'playwright-core@1.65.1';
my ($chromium) = grep { -x } map { "$_/chromium" } split /:/, $ENV{PATH} // '';

sub export_page {
	my ($from, $page, @more) = @_;
	my $run = run('export', $from, '--to', 'report', '-o', $page, @more);
	is_deeply([@$run{qw(code out err)}], [0, '', ''], 'export of ' . $from =~ s{.*/}{}r);
}

# How many rows a test of the page must leave: [control, value, papers].
sub filter_counts {
	my ($venue, @rows) = @_;
	my @counts = (
		['code', 'yes', sub { $_->{has_code} }],
		['code', 'no', sub { !$_->{has_code} }],
		['venue', 'any', sub { defined $_->{venue} }],
		['venue', 'none', sub { !defined $_->{venue} }],
		['venue', "=$venue", sub { ($_->{venue} // '') eq $venue }],
		['source', 'both', sub { @{ $_->{sources} } == 2 }],
		['source', 'arxiv', sub { "@{ $_->{sources} }" eq 'arxiv' }],
		['source', 's2', sub { "@{ $_->{sources} }" eq 'semantic_scholar' }],
		['category', 'cs.LG', sub { grep { $_ eq 'cs.LG' } @{ $_->{categories} } }],
		['category', 'none', sub { !@{ $_->{categories} } }],
		['year', '2025', sub { ($_->{published_date} // '') =~ /^2025/ }],
		['min', '0.65', sub { $_->{quality_score} >= 0.65 }],
		['max', '0.35', sub { $_->{quality_score} <= 0.35 }],
	);
	return [map { my ($name, $value, $test) = @$_; [$name, $value, scalar grep { $test->() } @rows] } @counts];
}

# The title that comes first in each order; rows that are alike keep the order of the file.
sub first_titles {
	my @rows = @_;
	my $first = sub {
		my ($cmp) = @_;
		my ($at) = sort { $cmp->($rows[$a], $rows[$b]) || $a <=> $b } 0 .. $#rows;
		return $rows[$at]{title};
	};
	return [
		['date', $first->(sub { ($_[1]{published_date} // '') cmp ($_[0]{published_date} // '') })],
		['citations', $first->(sub { $_[1]{citation_count} <=> $_[0]{citation_count} })],
		['influential', $first->(sub { $_[1]{influential_citation_count} <=> $_[0]{influential_citation_count} })],
		['title', $first->(sub { lc $_[0]{title} cmp lc $_[1]{title} })],
		['score', $first->(sub { $_[1]{quality_score} <=> $_[0]{quality_score} })],
	];
}

# What `fineset audit` says of some papers.
sub audits {
	my ($target, @papers) = @_;
	my $run = run('audit', $target, '--json', @papers);
	is($run->{code}, 0, 'the audit of ' . @papers . ' papers') or diag($run->{err});
	my %titles = map { (($_->{arxiv_id} // $_->{doi} // $_->{id}) => $_->{title}) } rows("$target/latest/data.jsonl");
	my @told = map { json($_) } split /\n/, $run->{out};
	return [map {
		my $score = $told[$_]{score} // $told[$_];
		+{ paper => $papers[$_], title => $titles{ $papers[$_] }, terms => {
			citations_term => $score->{impact}{citations_term}, influential_term => $score->{impact}{influential_term}, impact => $score->{impact}{value},
			recency => $score->{freshness}{recency}, weight => $score->{freshness}{weight}{value}, freshness => $score->{freshness}{value},
			score => $score->{rounded} // $score->{expected} } };
	} 0 .. $#papers];
}

my $server = Fineset::server();
my $target = "$dir/demo";
is(build($target, $server->{base})->{code}, 0, 'a first snapshot');
my $page = "$target/latest/report.html";
export_page($target, "$dir/again.html");
same_bytes($page, "$dir/again.html", 'what export writes is the page of the snapshot');
is(run('build', $target, '--as-of', '2026-07-19', Fineset::options_to($server->{base}))->{code}, 0, 'a second one, a month later');
stop($server);
export_page($target, "$dir/again.html");
same_bytes($page, "$dir/again.html", '... is the same way');
unlike(slurp($page), qr/unsafe-inline|\bsrc=|<link(?! rel="icon" href="data:,")|https?:[^"'\s]*\.(?:js|css|woff)/, 'the page names nothing to load');

my @titles = ('<script>window.hit = 1</script>', '</script><img src=x onerror="window.hit=2">', '<!-- <script>', '" onmouseover="window.hit=3', "\x{2028}x\x{2029}", "\x{202e}drawkcab",
	'{{7*7}} ${7*7} `x`', "'; window.hit = 4; '", '&lt;b&gt; &amp;', '');
{
	open my $out, '>:raw', "$dir/hostile.jsonl" or die "$dir/hostile.jsonl: $!\n";
	my $json = JSON::PP->new->utf8->allow_nonref;
	for my $i (0 .. $#titles) {
		my $bad = $titles[$i];
		my %row = (id => sprintf('%064x', $i), sources => ['semantic_scholar'], title => $bad, abstract => $bad, authors => [$bad, 'B'], categories => [$bad || 'cs.CL'], fields_of_study => [$bad],
			published_date => $i % 2 ? undef : '2026-06-18T00:00:00', url => 'javascript:window.hit=5', pdf_url => 'data:text/html,<script>window.hit=6</script>',
			arxiv_id => undef, doi => $i % 3 ? undef : "10.1000/<b>$i", citation_count => 9e15, influential_citation_count => 0, has_code => JSON::PP::true, code_url => "javascript:alert('$i')",
			venue => $bad eq '' ? undef : $bad, quality_score => 1.0);
		print $out '{' . join(', ', map { "\"$_\": " . ($_ eq 'quality_score' ? '1.0' : $_ =~ /_count$/ ? sprintf('%d', $row{$_}) : $json->encode($row{$_})) } @row_keys), "}\n";
	}
	close $out;
}
export_page("$dir/hostile.jsonl", "$dir/hostile.html");

SKIP: {
	skip 'a sanitized program writes the same page, which is looked at without it', 1 if $ENV{SAN};
	skip 'there is no chromium here', 1 unless $chromium;
	my $modules = npm_modules('browser', $browser);
	skip 'there is no playwright-core here', 1 unless $modules;

	my @rows = rows("$target/latest/data.jsonl");
	my ($venue) = grep { /Å/ } map { $_->{venue} // '' } @rows;
	my @papers = map { $_->{arxiv_id} // $_->{doi} // $_->{id} } @rows[0, 7, 30, 60, 89], grep { !defined $_->{arxiv_id} || $_->{citation_count} > 0 } @rows;
	my %sheet = (page => $page, papers => scalar @rows, filters => filter_counts($venue, @rows), sorts => first_titles(@rows), audits => audits($target, @papers[0 .. 11]),
		hostile => "$dir/hostile.html", hostileTitles => [map { $_ eq '' ? '(no title)' : $_ } @titles]);
	spew("$dir/sheet.json", JSON::PP->new->utf8->canonical->encode(\%sheet));
	my $run = Fineset::finish(start([], command => ['node', "$FindBin::Bin/report.mjs", $modules, $chromium, "$dir/sheet.json"]));
	my $looked = 0;
	for (split /\n/, Encode::decode('UTF-8', $run->{out})) {
		/^(not )?ok (.*)/ or next;
		$looked++;
		ok(!$1, $2);
	}
	is($run->{code}, 0, 'the browser came to its end') or diag($run->{err});
	cmp_ok($looked, '>', 80, '... and all was looked at');
}
done_testing;
