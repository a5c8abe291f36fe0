#!/usr/bin/perl
# The published rows of the FineSet snapshot of 2026-06-19 come back from API answers, every field equal, but for the
# faults of the published file that DESIGN names.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use Test::More;

my $server = server();
my $built = build("$dir/demo", $server->{base});
is($built->{code}, 0, 'the demo world is built');
is($built->{out}, '', 'stdout is empty');
my $data = "$dir/demo/latest/data.jsonl";
my @rows = rows($data);
my @scores = raw_scores($data);
my %ours = map { $_->{id} => $_ } @rows;
my %score = map { $rows[$_]{id} => $scores[$_] } 0 .. $#rows;

# --- what needs no published row: the world carries 65 real papers, which come first
my @carried = grep { $_->{arxiv} && $_->{arxiv}{abstract} !~ /^An invented paper/ } world_papers();
is(scalar(@carried), 65, 'the world carries 65 real papers');
my (@lost, @off);
for my $paper (@carried) {
	my $row = $ours{ paper_id("arxiv:$paper->{arxiv}{id}") };
	push @lost, $paper->{arxiv}{id} unless $row && $row->{arxiv_id} eq $paper->{arxiv}{id};
	push @off, $paper->{arxiv}{id} if $row && $score{ $row->{id} } ne score_text($row, '2026-06-19');
}
is("@lost", '', 'each has a row, whose id is the SHA-256 of paper:arxiv:ID');
is("@off", '', 'each has the score that the formula gives');

my $file = shared('fineset/rows.jsonl');
SKIP: {
	skip 'the published rows are not here (fineset/rows.jsonl of the shared directory)', 1 unless $file;
	my @published = rows($file);
	is(scalar(@published), 65, '65 published rows');
	my %number = map { $published[$_]{id} => $_ } 0 .. $#published;
	my @raw = raw_scores($file);

	# Field by field; a deviation is listed here and asserted for what it is, once.
	my %cut_authors = map { $_ => 1 } qw(2606.05868 2604.26779 2604.12110);
	my %seen;
	for my $want (@published) {
		my $id = $want->{arxiv_id};
		my $got = $ours{ $want->{id} };
		my %expect = %$want;
		$expect{quality_score} = $raw[ $number{ $want->{id} } ];
		my %have = (%{ $got // {} }, quality_score => $score{ $want->{id} });

		# The published abstracts are cut.
		my $abstract = $want->{abstract};
		ok($abstract =~ s/\.\.\.\z// && length $abstract < 330, "$id: the published abstract is cut");
		is(substr($have{abstract} // '', 0, length $abstract), $abstract, "$id: ours begins with what is left of it");
		delete $_->{abstract} for \%expect, \%have;

		if (grep { /^\s|\s$/ } @{ $want->{authors} }) {
			$seen{blank}{$id} = 1;
			is_deeply([map { /^\s*(.*?)\s*$/ } @{ $want->{authors} }], $have{authors}, "$id: authors have a leading blank there, not here");
			delete $_->{authors} for \%expect, \%have;
		}
		if (($want->{code_url} // '') =~ /^([^{}]+)\}\{\1\}/) {
			$seen{latex}{$id} = 1;
			is($have{code_url}, $1, "$id: code_url is broken LaTeX there, the address here");
			delete $_->{code_url} for \%expect, \%have;
		}
		$seen{cut}{$id} = 1 if $cut_authors{$id};
		is(join(' ', sort keys %have), join(' ', sort keys %expect), "$id: the same keys");
		is_deeply($have{$_}, $expect{$_}, "$id: $_") for grep { exists $expect{$_} } @row_keys;
	}
	is(join(' ', sort keys %{ $seen{blank} }), '2606.05868', 'one row has names with a leading blank');
	is(join(' ', sort keys %{ $seen{latex} }), '2604.14885', 'one row has a code_url of broken LaTeX');
	is(join(' ', sort keys %{ $seen{cut} }), '2604.26779 2606.05868', 'two of the three rows with cut author lists are among the 65');

	# The order too: the published day descending.
	my @ranked = grep { exists $number{ $_->{id} } } @rows;
	is(join(' ', map { $_->{published_date} } @ranked), join(' ', map { $_->{published_date} } @published), 'the rows stand in the published order of days');
}
stop($server);
done_testing;
