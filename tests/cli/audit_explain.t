#!/usr/bin/perl
# fineset audit DIR|FILE ID...: every number of a score is there, and they add up when they are computed a second time.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA ();
use Fineset;
use JSON::PP;
use POSIX ();
use Schema;
use Test::More;

my $schema = json(slurp('pipeline/audit/audit.schema.json'));
my $as_of = '2026-06-19';
my $demo = "$dir/demo";
my $data = "$demo/snapshots/$as_of/data.jsonl";
my $server = server();
is(build($demo, $server->{base})->{code}, 0, 'the demo world is built');
stop($server);
my @rows = rows($data);
my ($known) = grep { defined $_->{doi} && defined $_->{arxiv_id} } @rows;

sub audited {
	my ($target, @more) = @_;
	my $run = run('audit', $target, '--json', @more);
	is($run->{code}, 0, "audit @more") or diag($run->{err});
	return map { json($_) } split /(?<=\n)/, $run->{out};
}

# The day so many days since 1970.
sub day_text {
	return POSIX::strftime('%Y-%m-%d', gmtime($_[0] * 86400));
}

# A score as data.jsonl prints it.
sub rounded {
	return sprintf('%.4f', $_[0]) =~ s/(\.\d+?)0+$/$1/r;
}

sub same_double { return $_[0] == $_[1] }

# Compute a score from the numbers of an explanation alone; what does not add up.
sub does_not_add_up {
	my ($told) = @_;
	my ($score, @wrong) = ($told->{score});
	my ($impact, $freshness) = @$score{qw(impact freshness)};
	my $weight = $freshness->{weight};
	my $c = POSIX::log10($impact->{citation_count} + 1) / 4;
	my $i = POSIX::log10($impact->{influential_citation_count} + 1) / 2;
	my $recency = !defined $score->{age_days} ? 0 : $score->{age_days} <= 60 ? 1
	    : $score->{age_days} >= 540 ? 0 : 1 - ($score->{age_days} - 60) / 480;
	my $larger = Fineset::max($impact->{value}, $freshness->{value});
	my $row = $told->{row};
	push @wrong, 'citations_term' unless same_double($c, $impact->{citations_term});
	push @wrong, 'influential_term' unless same_double($i, $impact->{influential_term});
	push @wrong, 'impact' unless same_double(Fineset::max($c, $i), $impact->{value});
	push @wrong, 'recency' unless same_double($recency, $freshness->{recency});
	push @wrong, 'base' unless same_double($weight->{base}, 0.35);
	push @wrong, 'code' unless same_double($weight->{code}, $row->{has_code} ? 0.3 : 0);
	push @wrong, 'venue' unless same_double($weight->{venue}, defined $row->{venue} ? 0.2 : 0);
	push @wrong, 'weight' unless same_double($weight->{base} + $weight->{code} + $weight->{venue}, $weight->{value});
	push @wrong, 'freshness' unless same_double($freshness->{recency} * $weight->{value}, $freshness->{value});
	push @wrong, 'exact' unless same_double($larger > 1 ? 1 : $larger, $score->{exact});
	push @wrong, 'expected' unless rounded($score->{exact}) == $score->{expected};
	push @wrong, 'stored' unless $score->{stored} == $row->{quality_score};
	push @wrong, 'reproduces' unless $score->{reproduces} && $score->{stored} == $score->{expected};
	push @wrong, 'winner' unless ($score->{winner} // '')
	    eq ($impact->{value} > $freshness->{value} ? 'impact' : $impact->{value} < $freshness->{value} ? 'freshness' : '');
	return @wrong;
}

# What the dates of an explanation should be, from the row and the calendar.
sub wrong_dates {
	my ($told) = @_;
	my ($score, $published) = ($told->{score}, $told->{row}{published_date});
	my @names = qw(age_days full_until falls_from zero_from);
	return grep { defined $score->{$_} } @names unless defined $published;
	my $day = day_number($published);
	my %want = (age_days => Fineset::max(0, day_number($as_of) - $day), full_until => day_text($day + 60), falls_from => day_text($day + 61),
		zero_from => day_text($day + 540));
	return grep { $score->{$_} ne $want{$_} } @names;
}

# Whether each lever gives the score that it says, and a count or day less does not.
sub wrong_levers {
	my ($told) = @_;
	my @wrong;
	my $row = $told->{row};
	my $now = score_text($row, $as_of);
	for my $lever (@{ $told->{levers} }) {
		my ($name, $at) = @$lever{qw(lever at)};
		my %with = (code => { has_code => 1 }, venue => { venue => 'V' });
		my ($then, $before) = (score_text({ %$row, %{ $with{$name} // { $name => $at } } }, $as_of), $now);
		$before = score_text({ %$row, $name => $at - 1 }, $as_of) if $name =~ /count$/;
		($then, $before) = (score_text($row, $at), score_text($row, day_text(day_number($at) - 1))) if $name eq 'age';
		push @wrong, $name if $then != $lever->{score} || $before != $now || ($name !~ /^(?:code|venue)$/ && $then == $now);
	}
	my %has = map { $_->{lever} => 1 } @{ $told->{levers} };
	push @wrong, 'code is left out' if !$row->{has_code} != !!$has{code};
	push @wrong, 'venue is left out' if !defined $row->{venue} != !!$has{venue};
	return @wrong;
}

# --- the validator itself
is($schema->{'$schema'}, 'https://json-schema.org/draft/2020-12/schema', 'the schema says which draft it is written in');
ok(!eval { Schema::faults(1, { format => 'x' }); 1 }, 'a keyword that the validator does not know fails');
is(join(' ', Schema::faults({ a => [1, 'x'], b => 1 }, { type => 'object', properties => { a => { type => 'array', items => { '$ref' => '#/$defs/n' } } },
	required => ['c'], additionalProperties => JSON::PP::false, '$defs' => { n => { type => 'integer' } } })),
	'$.b: additionalProperties $.a[1]: type $: required', 'it says what is wrong, and where');

# --- all rows at once, their ids on stdin
spew("$dir/ids", map { "$_->{id}\n" } @rows);
my @told = audited($demo, '-', { stdin => "$dir/ids" });
is(scalar(@told), scalar(@rows), scalar(@rows) . ' rows are explained');
is(join(' ', map { $_->{id}{stored} } @told), join(' ', map { $_->{id} } @rows), '... in the order of the names');
is(join("\n", map { my $at = $_; map { "line $at->{line}: $_" } Schema::faults($at, $schema) } @told), '', '... as audit.schema.json has it');
is(join("\n", map { my $at = $_; map { "line $at->{line}: $_" } does_not_add_up($at) } @told), '', 'the score of each adds up from the numbers that are told');
is(join("\n", map { my $at = $_; map { "line $at->{line}: $_" } wrong_dates($at) } @told), '', 'ages and days are those of the calendar');
is(join("\n", map { my $at = $_; map { "line $at->{line}: $_" } wrong_levers($at) } @told), '', 'what would change a score does');
for my $winner (qw(impact freshness)) {
	cmp_ok(scalar(grep { ($_->{score}{winner} // '') eq $winner } @told), '>', 3, "$winner wins some");
}
{
	my @wrong;
	for my $at (@told) {
		my $score = $at->{row}{quality_score};
		my $rank = 1 + grep { $_->{quality_score} > $score } @rows;
		my $tie = grep { $_->{quality_score} == $score } @rows;
		push @wrong, $at->{line} if $at->{rank} != $rank || $at->{tie} != $tie || $at->{rows} != @rows;
	}
	is("@wrong", '', 'rank and tie');
	is(join(' ', map { $_->{line} } @told), join(' ', 1 .. @rows), 'the line of each');
	is_deeply([map { $_->{row} } @told], \@rows, 'the row as it stands');
	is(scalar(grep { $_->{as_of} ne $as_of || !$_->{as_of_told} || $_->{file} ne $data } @told), 0, 'file and date');
	is(scalar(grep { !$_->{id}{reproduces} || $_->{id}{sha256} ne Digest::SHA::sha256_hex($_->{id}{text}) || $_->{id}{sha256} ne $_->{id}{stored} } @told), 0,
		'each id is the hash of its text');
	is(scalar(grep { $_->{id}{text} =~ /^paper:s2:\d+$/ } @told), scalar(grep { !defined $_->{arxiv_id} && !defined $_->{doi} } @rows),
		'... the CorpusId where there is nothing else');
}

# --- where fields come from
{
	my @wrong;
	for my $at (@told) {
		my $records = $at->{records};
		push @wrong, "$at->{line}: no records" unless @$records;
		push @wrong, "$at->{line}: numbers" if grep { $records->[$_]{number} != $_ + 1 } 0 .. $#$records;
		for my $field (qw(title abstract authors citation_count)) {
			my $known = $at->{fields}{$field} // next;
			push @wrong, "$at->{line}: $field" unless @{ $known->{from} };
		}
		my %sources = map { $_->{source} => 1 } @$records;
		push @wrong, "$at->{line}: sources" if join(' ', sort keys %sources) ne join ' ', sort @{ $at->{row}{sources} };
	}
	is(join("\n", @wrong), '', 'every row has its records, and every field a supplier');
	my ($chain) = grep { ($_->{row}{doi} // '') eq '10.5555/demo.chain.7' } @told;
	is(scalar(@{ $chain->{records} }), 3, 'the chain has three records');
	my %joined = map { my $record = $_; map { ("$record->{number} $_->{key}" => "@{ $_->{with} }") } grep { $_->{joins} } @{ $record->{keys} } } @{ $chain->{records} };
	is("$joined{'1 arxiv_id'}, $joined{'2 arxiv_id'}, $joined{'2 doi'}, $joined{'3 doi'}", '2, 1, 3, 2', '... joined by an arXiv id and a DOI');
	is_deeply($chain->{fields}{citation_count}, { from => [2], lost => [{ record => 3, value => 2 }] }, '... and the count that lost is told');
	my ($disputed) = grep { @{ $_->{conflicts} } && !$_->{conflicts}[0]{joined} } @told;
	ok($disputed, 'a DOI in conflict is told');
	cmp_ok(scalar(@{ $disputed->{conflicts}[0]{arxiv_ids} }), '>', 1, '... with the arXiv ids');
}

# --- names: whatever a person has
my $id = $known->{arxiv_id};
for my $case (
	[$id, 'an arXiv id'], ["${id}v3", '... with a version'], ["arXiv:$id", '... with a prefix'], ["https://arxiv.org/abs/$id", '... as a URL'],
	["http://arxiv.org/pdf/${id}v1.pdf", '... as the URL of its PDF'], ["10.48550/arXiv.$id", '... as a DOI'], [$known->{doi}, 'a DOI'],
	[uc $known->{doi}, '... in capitals'], ["https://doi.org/$known->{doi}", '... as a URL'], ["doi:$known->{doi}", '... with a prefix'],
	[$known->{id}, 'a record id'], [uc substr($known->{id}, 0, 12), '... its beginning, in capitals'], [$known->{url}, 'its URL'],
) {
	my ($name, $why) = @$case;
	my ($one) = audited($demo, $name);
	is($one->{id}{stored}, $known->{id}, $why);
	is($one->{asked}, $name, '... and what was asked is told');
}
{
	my @several = audited($demo, $id, $rows[3]{id}, "${id}v1");
	is(join(' ', map { $_->{line} } @several), join(' ', map { my $row = $_; grep { $rows[ $_ - 1 ] == $row } 1 .. @rows } $known, $rows[3], $known),
		'several at once, one of them twice');
	spew("$dir/ids", "  $id  \r\n\n$rows[3]{id}");
	is(scalar(audited($demo, '-', { stdin => "$dir/ids" })), 2, 'blank lines and blanks on stdin are nothing');
}

# --- names that nothing has
{
	my $wrong = substr($id, 0, -1) . (9 - substr $id, -1);
	my $run = run('audit', $demo, $wrong, $id);
	is($run->{code}, 66, 'an id that does not exist: exit 66');
	one_line($run, qr{no paper '\Q$wrong\E'; the nearest are [^\n]*\Q$id\E}, '... it names the nearest');
	like($run->{out}, qr{^id +\Q$known->{id}\E$}m, '... and the other one is explained');
	spew("$dir/twins.jsonl", map { my %row = (%{ $rows[$_] }, id => 'abcd' . substr $rows[$_]{id}, 4); JSON::PP->new->utf8->canonical->encode(\%row) . "\n" } 0 .. 4);
	my $twins = run('audit', "$dir/twins.jsonl", 'ABCD', '--as-of', $as_of);
	is($twins->{code}, 66, 'a beginning of several ids: exit 66');
	one_line($twins, qr{'ABCD' fits 5 rows: abcd[0-9a-f]{12} in line 1, abcd[0-9a-f]{12} in line 2, abcd[0-9a-f]{12} in line 3}, '... and says so');
	is($twins->{out}, '', '... and explains none');
	my $short = run('audit', $demo, substr $known->{id}, 0, 3);
	is($short->{code}, 66, 'three digits are no beginning');
}

# --- an address in the comment, and one in the abstract that is preferred to it
{
	my ($paper) = grep { $_->{arxiv} && !$_->{s2} } world_papers();
	$paper->{arxiv}{comment} = 'Data: https://bitbucket.org/a/b';
	$paper->{arxiv}{abstract} .= ' Speculative decoding. Code: https://github.com/c/d';
	spew("$dir/two.jsonl", JSON::PP->new->utf8->encode($paper) . "\n");
	my $two = server('--world', "$dir/two.jsonl");
	is(build("$dir/two", $two->{base}, '-q')->{code}, 0, 'two addresses: built');
	stop($two);
	my ($told) = audited("$dir/two", $paper->{arxiv}{id});
	is_deeply([$told->{row}{code_url}, $told->{code}], ['https://github.com/c/d', { from => 'abstract', by => 'address' }], '... the one that counts stands in the abstract');
}

# --- a bare file
{
	spew("$dir/alone.jsonl", slurp($data));
	my ($alone) = audited("$dir/alone.jsonl", $id, '--as-of', $as_of);
	is(join("\n", Schema::faults($alone, $schema)), '', 'a file: as audit.schema.json has it');
	is(join("\n", does_not_add_up($alone), wrong_dates($alone)), '', '... the score adds up');
	is_deeply([@$alone{qw(records fields code history as_of_told)}], [undef, undef, undef, [], JSON::PP::true], '... without sources and history');
	my ($found) = audited("$dir/alone.jsonl", $id);
	is($found->{as_of}, $as_of, '... its date is found');
	ok(!$found->{as_of_told}, '... and said to be found');
	my ($later) = audited("$dir/alone.jsonl", $rows[0]{id}, '--as-of', '2027-02-01');
	ok(!$later->{score}{reproduces}, 'as of another day the score does not reproduce');
	is($later->{score}{expected}, score_text($rows[0], '2027-02-01'), '... and what it would be is told');
	like(run('audit', "$dir/alone.jsonl", $rows[0]{id}, '--as-of', '2027-02-01')->{out}, qr{DOES NOT REPRODUCE: expected \Q$later->{score}{expected}\E\b}, '... as text too');
}

# --- what the world may put into a row does nothing to a terminal
{
	my %evil = (
		title => "\e[2J\e]0;owned\a\x{202e}desrever \x{9b}31m \x{7f} \x{2028}\x{e0041} " . 'x' x 10_000,
		authors => [('A' x 300) x 20, "\e[31m"], venue => "\x{9b}2J", doi => undef, abstract => "\r\n\e[H",
		citation_count => 12, url => "\x{202e}", quality_score => 'high',
	);
	my @bad = ({ %{ $rows[0] }, %evil }, { map { ($_ => undef) } @row_keys }, {}, { %{ $rows[0] }, id => "\e]8;;", arxiv_id => '2606.99999', has_code => 1 });
	$bad[1]{arxiv_id} = '2606.11111';
	$bad[2]{doi} = '10.1/empty';
	my $encode = JSON::PP->new->utf8->canonical;
	spew("$dir/evil.jsonl", map { $encode->encode($_) . "\n" } @bad);
	my @names = ($bad[0]{arxiv_id}, '2606.11111', '10.1/empty', '2606.99999');
	my $run = run('audit', "$dir/evil.jsonl", @names, "\e[31mno\x{9b}", '--as-of', $as_of);
	is($run->{code}, 66, 'hostile rows are explained, and a hostile name is unknown');
	my $shown = $run->{out} . $run->{err};
	ok(is_valid_utf8($shown), '... in UTF-8');
	utf8::decode($shown);
	my @active = $shown =~ /([\x00-\x09\x0b-\x1f\x7f-\x9f\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{e0000}-\x{e0fff}])/g;
	is(join(' ', map { sprintf 'U+%04X', ord } @active), '', '... without a character that a terminal acts on');
	utf8::decode(my $out = $run->{out});
	is(scalar(grep { length > 80 } split /\n/, $out), 0, '... in 80 columns');
	ok(index($out, '\u001b[2J\u001b]0;owned\u0007\u202edesrever \u009b31m \u007f \u2028\U000e0041') >= 0, '... the title is shown');
	like($out, qr{cannot be told: \w+: }, '... and what is wrong with a field that counts');
	my $json = run('audit', "$dir/evil.jsonl", @names, '--as-of', $as_of, '--json');
	is($json->{code}, 0, '... as JSON');
	utf8::decode(my $line = $json->{out});
	unlike($line, qr{[\x00-\x09\x0b-\x1f\x7f-\x9f\x{202e}\x{2028}\x{e0041}]}, '... with nothing active either');
	my @explained = map { json($_) } split /(?<=\n)/, $json->{out};
	is_deeply([map { $_->{row} } @explained], [map { $encode->decode($encode->encode($_)) } @bad], '... and every value as it stands');
	is(join("\n", map { Schema::faults($_, $schema) } @explained), '', '... as audit.schema.json has it');
}

# --- for a person
{
	spew("$dir/ids", map { "$_->{id}\n" } @rows);
	my $run = run('audit', $demo, '-', { stdin => "$dir/ids" });
	is($run->{code}, 0, 'for a person');
	utf8::decode(my $text = $run->{out});
	is(scalar(grep { length > 80 } split /\n/, $text), 0, 'all rows in 80 columns');
	my @texts = split /\n\n/, $text;
	my @scores = raw_scores($data);
	is(scalar(@texts), scalar(@rows), 'a blank line behind each');
	is(scalar(grep { $texts[$_] !~ /^id +$rows[$_]{id}\n += SHA-256 of paper:\S+, reproduces$/m } 0 .. $#rows), 0, 'each with its id');
	is(scalar(grep { $texts[$_] !~ /^quality_score +$scores[$_], reproduces; (?:impact won|freshness won|impact and freshness are equal)$/m } 0 .. $#rows), 0, 'each with its score');
	is($run->{err}, '', 'nothing else is said');
}

# --- a reader that goes away
{
	POSIX::mkfifo("$dir/pipe", 0600) or die "$dir/pipe: $!\n";
	my $run = start(['audit', $demo, '--json', map { $_->{id} } @rows], out => "$dir/pipe");
	open my $from, '<', "$dir/pipe" or die "$dir/pipe: $!\n";
	sysread $from, my $byte, 1;
	close $from;
	my $end = finish($run);
	is($end->{signal}, POSIX::SIGPIPE(), 'a reader that goes away ends it by SIGPIPE');
	is($end->{err}, '', '... quietly');
}

# --- what does not reproduce, what cannot be read, and what holds nothing
{
	my @rows = lines("$dir/demo/latest/data.jsonl");
	my ($first, $second) = map { /"arxiv_id": "([^"]+)"/ ? $1 : () } @rows;
	my ($at) = grep { $rows[$_] =~ /"arxiv_id": "\Q$first\E"/ } 0 .. $#rows;
	$rows[$at] =~ s/"quality_score": [0-9.]+/"quality_score": 0.1234/;
	spew("$dir/off.jsonl", @rows, "{\n");
	my $off = run('audit', "$dir/off.jsonl", $first, '--as-of', '2026-06-19');
	is($off->{code}, 0, 'a paper whose score does not reproduce is explained: exit 0');
	like($off->{out}, qr/0\.1234.*DOES NOT REPRODUCE/s, '... which says so');
	like($off->{err}, qr/^fineset: \S+off\.jsonl: 1 lines cannot be read, /m, 'a line that cannot be read is told, for a paper may stand in it');
	is(run('audit', "$dir/off.jsonl", $second, '--as-of', '2026-06-19')->{code}, 0, 'another paper of that file is well');
	spew("$dir/nothing.jsonl");
	my $nothing = run('audit', "$dir/nothing.jsonl");
	is($nothing->{code}, 65, 'a file without any row: exit 65');
	one_line($nothing, qr/nothing\.jsonl: no rows at all/, 'a file without any row');
}
done_testing;
