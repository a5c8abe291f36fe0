#!/usr/bin/perl
# One hostile entry among good ones, and topics that would like to be more than text: the good papers come, the bad ones are
# repaired or refused, told once and counted, and what is published is inert.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Encode qw(encode_utf8);
use Fineset;
use Test::More;

time_limit(600);
my ($atom, $s2) = ("$dir/page.atom", "$dir/page.json");
# Its answers are what the files hold when it is asked.
my $server = server('--fault', "arxiv.search:file:*:$atom", '--fault', "s2.bulk:file:*:$s2");
my ($number, $survived) = (0, 0);

# --- pages.  All text is bytes.

# An element of Atom; undef leaves it out, a list repeats it.
sub element {
	my ($name, $value, $more) = @_;
	return '' unless defined $value;
	return join '', map { "<$name>$_</$name>" . ($more // '') } ref $value ? @$value : $value;
}

# The entry of paper N, with what it says instead.
sub entry {
	my ($n, %say) = @_;
	my %is = (id => "http://arxiv.org/abs/2606.0000${n}v1", title => "Paper $n", summary => "About speculative decoding $n.",
		author => "Author $n", published => "2026-06-0${n}T00:00:00Z", updated => "2026-06-0${n}T00:00:00Z", category => 'cs.CL', %say);
	my $author = defined $is{author} ? join '', map { "<author><name>$_</name></author>" } ref $is{author} ? @{ $is{author} } : $is{author} : '';
	return '<entry>' . join('', map { element($_, $is{$_}) } qw(id title summary published updated))
	    . join('', map { element("arxiv:$_", $is{$_}) } qw(comment journal_ref doi)) . $author
	    . (defined $is{category} ? qq(<category term="$is{category}"/>) : '') . "</entry>\n";
}

sub feed {
	my (@entries) = @_;
	return qq(<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:os="http://a9.com/-/spec/opensearch/1.1/">)
	    . '<os:totalResults>' . @entries . "</os:totalResults><os:startIndex>0</os:startIndex>\n" . join('', @entries) . "</feed>\n";
}

# The JSON of paper N; what it says instead is JSON, too.
sub paper {
	my ($n, %say) = @_;
	my %is = (paperId => '"' . "0" x 39 . $n . '"', corpusId => $n, externalIds => qq({"CorpusId": $n, "ArXiv": "2606.0000$n"}), title => qq("Paper $n"),
		abstract => 'null', authors => qq([{"name": "Author $n"}]), fieldsOfStudy => '["Computer Science"]', publicationDate => qq("2026-06-0$n"), year => 2026,
		venue => '""', citationCount => 10 + $n, influentialCitationCount => 0, openAccessPdf => 'null', url => 'null', %say);
	return '{' . join(', ', map { qq("$_": $is{$_}) } sort grep { defined $is{$_} } keys %is) . '}';
}

sub page { return '{"total": ' . @_ . ', "token": null, "data": [' . "\n" . join(",\n", @_) . "\n]}\n" }

# A paper that Semantic Scholar alone has: nobody asks arXiv for it.
sub stranger { return paper(9, externalIds => '{"CorpusId": 9}', @_) }

my @good = (1 .. 3);

# --- one build
sub build_of {
	my ($feed, $page, @more) = @_;
	my $target = "$dir/" . ++$number . '/set';
	mkdir "$dir/$number" or die;
	spew($atom, $feed);
	spew($s2, $page);
	return ($target, build($target, $server->{base}, @more));
}

# What is said and kept has nothing that a terminal acts on or that reorders text.
sub is_inert {
	my ($bytes) = @_;
	my $text = $bytes;
	return utf8::decode($text) && $text !~ /[\x00-\x09\x0b-\x1f\x7f-\x9f\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{feff}\x{e0000}-\x{e0fff}]/;
}

# survives(name, [feed, page], {source, refused, dropped, told, row}): the three good papers and perhaps ${row}, whose values are given.
sub survives {
	my ($name, $answers, $want) = @_;
	my $source = $want->{source};
	my $all = subtest $name => sub {
		my ($target, $run) = build_of(@$answers);
		is($run->{code}, 0, 'exit 0') or diag($run->{err});
		my $data = -e "$target/latest" ? slurp("$target/latest/data.jsonl") : '';
		ok(is_valid_utf8($data) && $data !~ /[\x00-\x09\x0b-\x1f\x7f]/, 'data.jsonl is valid UTF-8 without controls');
		my %rows = map { ($_->{title} // '' => $_) } eval { map { json($_) } split /(?<=\n)/, $data };
		is($@, '', '... and valid JSON');
		is(scalar(grep { $rows{"Paper $_"} } @good), 3, 'the good papers came') or diag($data);
		is(scalar(keys %rows), 3 + ($want->{row} ? 1 : 0), 'and the other one as it should');
		if (my $row = $want->{row}) {
			my ($got) = grep { ($_->{title} // '') !~ /^Paper [123]$/ } values %rows;
			is_deeply({ map { $_ => $got->{$_} } keys %$row }, $row, '... with what could be kept');
		}
		my @told = $run->{err} =~ /^fineset: ((?:arxiv|semantic_scholar): item .*)$/mg;
		is(scalar(@told), scalar(@{ $want->{told} // [] }), 'told once') or diag(join "\n", @told);
		like($told[$_], $want->{told}[$_], 'told with item and field') for 0 .. $#told;
		ok(is_inert($run->{err}), '... and nothing else reaches the terminal');
		my $counts = -e "$target/latest" ? json(slurp("$target/latest/manifest.json"))->{sources} : {};
		is_deeply([map { @{ $counts->{$_} }{qw(refused dropped)} } $source, $source eq 'arxiv' ? 'semantic_scholar' : 'arxiv'],
			[$want->{refused} // 0, $want->{dropped} // 0, 0, 0], 'counted in the manifest');
		my $audit = run('audit', $target);
		is($audit->{code}, 0, 'audit finds no fault') or diag($audit->{out}, $audit->{err});
	};
	$survived++ if $all;
}

my $pages = page(map { paper($_) } @good);
my $feeds = feed(map { entry($_) } @good);

# An entry of arXiv that is odd; the item is the second.
sub arxiv_survives {
	my ($name, $odd, $want) = @_;
	my $known = $want->{row} && $odd =~ m{abs/(2606\.0000\d)v1<} ? 1 : 0;
	survives("arXiv: $name", [feed(entry(1), $odd, entry(2), entry(3)), page(map { paper($_) } @good, $known ? 4 : ())], { source => 'arxiv', %$want });
}

sub s2_survives {
	my ($name, $odd, $want) = @_;
	survives("Semantic Scholar: $name", [$feeds, page(paper(1), $odd, paper(2), paper(3))], { source => 'semantic_scholar', %$want });
}

# --- characters that no record may hold
my $mark = "\x{fffd}";
my $repaired = sub { my ($field, $n) = @_; qr/^arxiv: item 2 \(2606\.00004v1\): $field: text repaired, $n bad bytes or controls$/ };
for my $case (
	# what, its bytes, what is left, how many
	['a byte that is no UTF-8', "caf\xe9 x", "caf$mark x", 1],
	['an overlong slash', "a\xc0\xafb", "a$mark${mark}b", 2],
	['half a surrogate pair in UTF-8', "a\xed\xa0\x80b", "a$mark$mark${mark}b", 3],
	['a value past U+10FFFF', "a\xf4\x90\x80\x80b", "a${mark}${mark}${mark}${mark}b", 4],
	['a NUL', "a\0b", "a${mark}b", 1],
	['a terminal escape', "a\e[31mb", "a${mark}[31mb", 1],
	['DEL', "a\x7fb", 'ab', 1],
	['a C1 control', "a\xc2\x9bb", 'ab', 1],
	['&#0;', 'a&#0;b', "a${mark}b", 1],
	['&#27;', 'a&#27;[31mb', "a${mark}[31mb", 1],
	['&#x9b;', 'a&#x9b;b', 'ab', 1],
	['&#xD800;', 'a&#xD800;b', "a${mark}b", 1],
	['&#xFFFF;', 'a&#xFFFF;b', "a${mark}b", 1],
	['&#99999999999;', 'a&#99999999999;b', "a${mark}b", 1],
	['a noncharacter', encode_utf8("a\x{1fffe}b"), "a${mark}b", 1],
	['an override of direction', encode_utf8("a\x{202e}b\x{202c}"), 'ab', 2],
	['an isolate as a reference', 'a&#x2066;b', 'ab', 1],
	['a bad byte in CDATA', "<![CDATA[a\xff<b>]]>", "a$mark<b>", 1],
) {
	my ($what, $bytes, $left, $count) = @$case;
	arxiv_survives("$what in a title", entry(4, title => $bytes), { dropped => 1, told => [$repaired->('title', $count)], row => { title => $left, arxiv_id => '2606.00004' } });
}
arxiv_survives('an unassigned character stays', entry(4, title => encode_utf8("a\x{378}b")), { row => { title => "a\x{378}b" } });
arxiv_survives('a bad byte in a summary', entry(4, title => 'Odd', summary => "a\xffb"), { dropped => 1, told => [$repaired->('summary', 1)], row => { abstract => "a${mark}b" } });
arxiv_survives('a bad byte in an author', entry(4, title => 'Odd', author => ["A", "B\xff"]), { dropped => 1, told => [$repaired->('authors', 1)], row => { authors => ['A', "B$mark"] } });
arxiv_survives('a bad byte in a comment', entry(4, title => 'Odd', comment => "\xff https://github.com/a/b"), { dropped => 1, told => [$repaired->('comment', 1)], row => { code_url => 'https://github.com/a/b' } });
arxiv_survives('a bad byte where nobody reads', entry(4, title => 'Odd') =~ s{</entry>}{<x a="\xff">\xff</x><!-- \xff --></entry>}r, { row => { title => 'Odd' } });
arxiv_survives('a control in a category', entry(4, title => 'Odd', category => "cs.\x01CL"), { dropped => 1, told => [$repaired->('categories', 1)], row => { categories => [] } });
arxiv_survives('bad bytes in two fields', entry(4, title => "\x02", summary => "\xfe"), { dropped => 2, told => [$repaired->('title', 1), $repaired->('summary', 1)], row => { title => $mark, abstract => $mark } });

my $s2_repaired = sub { my ($field, $n) = @_; qr/^semantic_scholar: item 2 \(0{39}9\): $field: text repaired, $n bad bytes or controls$/ };
for my $case (
	['a byte that is no UTF-8', "caf\xe9 x", "caf$mark x", 1],
	['half a surrogate pair in UTF-8', "a\xed\xa0\x80b", "a$mark$mark${mark}b", 3],
	['a NUL', "a\0b", "a${mark}b", 1],
	['a terminal escape', "a\e[31mb", "a${mark}[31mb", 1],
	['a line feed', "a\nb", "a${mark}b", 1],
	['DEL', "a\x7fb", 'ab', 1],
	['\u0000', 'a\u0000b', "a${mark}b", 1],
	['\u001b', 'a\u001b[31mb', 'a[31mb', 1],
	['\u009b', 'a\u009bb', 'ab', 1],
	['\ud800 alone', 'a\ud800b', "a${mark}b", 1],
	['\udc00 alone', 'a\udc00b', "a${mark}b", 1],
	['\ud800 twice', 'a\ud800\ud800b', "a$mark${mark}b", 2],
	['\uffff', 'a\uffffb', "a${mark}b", 1],
	['\u202e', 'a\u202eb', 'ab', 1],
) {
	my ($what, $bytes, $left, $count) = @$case;
	s2_survives("$what in a title", stranger(title => qq("$bytes")), { dropped => 1, told => [$s2_repaired->('title', $count)], row => { title => $left, citation_count => 19 } });
}
s2_survives('an unassigned character stays', stranger(title => '"a\u0378b"'), { row => { title => "a\x{378}b" } });
s2_survives('a bad byte in an abstract', stranger(title => '"Odd"', abstract => qq("a\xffb")), { dropped => 1, told => [$s2_repaired->('abstract', 1)], row => { abstract => "a${mark}b" } });
s2_survives('a bad byte in a venue', stranger(title => '"Odd"', venue => qq("a\xffb")), { dropped => 1, told => [$s2_repaired->('venue', 1)], row => { venue => "a${mark}b" } });
s2_survives('a bad byte in an author', stranger(title => '"Odd"', authors => qq([{"name": "A\xff"}])), { dropped => 1, told => [$s2_repaired->('authors', 1)], row => { authors => ["A$mark"] } });
s2_survives('a bad byte where nobody reads', stranger(title => '"Odd"', tldr => qq({"\xff": "\xff"})), { row => { title => 'Odd' } });

# --- values that make no sense
for my $id ('http://arxiv.org/abs/../../etc/passwd', 'http://arxiv.org/abs/2606.20543v1v2', 'http://arxiv.org/abs/', '', 'file:///etc/passwd', 'http://arxiv.org/abs/2606.1v1', 'http://arxiv.org/abs/2606.00004v0', 'http://arxiv.org/abs/2606.00004v99999999999999999999') {
	arxiv_survives("the id '$id'", entry(4, id => $id, title => 'Odd'), { refused => 1, told => [qr/^arxiv: item 2 \(.*\): id: not an arXiv id, entry skipped, got '\Q$id\E'$/] });
}
arxiv_survives('no id at all', entry(4, id => undef, title => 'Odd'), { refused => 1, told => [qr/^arxiv: item 2 \(no id\): id: not an arXiv id, entry skipped, got ''$/] });
arxiv_survives('an empty entry', '<entry/>', { refused => 1, told => [qr/^arxiv: item 2 \(no id\): id: /] });
for my $date ('2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '99999-01-01T00:00:00Z', '-1', 'yesterday') {
	arxiv_survives("revised on $date", entry(4, title => 'Odd', updated => $date), { dropped => 1, told => [qr/^arxiv: item 2 \(2606\.00004v1\): updated: not a time, got '\Q$date\E'$/], row => { published_date => '2026-06-04T00:00:00' } });
}
arxiv_survives('a DOI that is none', entry(4, title => 'Odd', doi => '../../etc/passwd'), { dropped => 1, told => [qr/^arxiv: item 2 \(2606\.00004v1\): doi: not a DOI, got '\.\.\/\.\.\/etc\/passwd'$/], row => { doi => undef } });
arxiv_survives('two titles', entry(4, title => ['Odd', 'Even']), { dropped => 1, told => [qr/: title: given more than once, the first one kept$/], row => { title => 'Odd' } });
arxiv_survives('two ids', entry(4, title => 'Odd', id => ['http://arxiv.org/abs/2606.00004v1', 'http://arxiv.org/abs/2606.00001v9']), { dropped => 1, told => [qr/: id: given more than once, the first one kept$/], row => { arxiv_id => '2606.00004' } });
arxiv_survives('a summary of 1 MiB and a byte', entry(4, title => 'Odd', summary => 'x' x (1048576 + 1)), { dropped => 1, told => [qr/: summary: longer than 1048576 bytes, dropped$/], row => { abstract => undef } });
arxiv_survives('10,001 authors', entry(4, title => 'Odd', author => [map { "A$_" } 1 .. 10001]), { dropped => 1, told => [qr/: authors: more than 10000, dropped$/], row => { authors => ['Author 4'] } });
arxiv_survives('nothing but an id', entry(4, title => 'Odd', map { $_ => undef } qw(summary author category updated)), { row => { abstract => undef, authors => ['Author 4'], categories => [] } });

my $whole = sub {
	my ($field, $most, $got, $least) = @_;
	my $wanted = 'a whole number from ' . ($least // 0) . " to $most, got '$got'";
	return qr/^semantic_scholar: item 2 \(0{39}9\): \Q$field: not $wanted\E$/;
};
for my $case (['-1'], ['1000000000000000000000000000000'], ['-9223372036854775809'], ['1e30'], ['1e999'], ['1.5'], ['true'], ['"many"', 'many'], ['"-1"', '-1'], ['[1]'], ['{"a": 1}', '{"a":1}'], ['1000000001']) {
	my ($json, $shown) = ($case->[0], $case->[1] // $case->[0]);
	s2_survives("a count of $json", stranger(title => '"Odd"', citationCount => $json), { dropped => 1, told => [$whole->('citationCount', 1000000000, $shown)], row => { title => 'Odd', citation_count => 0 } });
}
s2_survives('numbers as strings', stranger(title => '"Odd"', citationCount => '"12"', influentialCitationCount => '"3"', year => '"2026"', corpusId => '"9"'), { row => { citation_count => 12, influential_citation_count => 3 } });
s2_survives('a CorpusId of 10^30', stranger(title => '"Odd"', corpusId => '1' . '0' x 30, externalIds => '{"DOI": "10.1000/9"}'), { dropped => 1, told => [$whole->('corpusId', '9223372036854775807', '1' . '0' x 30, 1)], row => { doi => '10.1000/9' } });
s2_survives('the year 20260', stranger(title => '"Odd"', year => 20260), { dropped => 1, told => [$whole->('year', 9999, 20260, 1000)], row => { published_date => '2026-06-09T00:00:00' } });
for my $date ('2026-02-30', '2026-06', '2026-06-09T00:00:00Z x', '../../etc/passwd') {
	s2_survives("published on $date", stranger(title => '"Odd"', publicationDate => qq("$date")), { dropped => 1, told => [qr/: publicationDate: not a date, got '\Q$date\E'$/], row => { published_date => '2026-01-01T00:00:00' } });
}
for my $id ('../../etc/passwd', '2606.20543v1v2', 'x') {
	s2_survives("the arXiv id '$id'", stranger(title => '"Odd"', externalIds => qq({"ArXiv": "$id"})), { dropped => 1, told => [qr/: externalIds\.ArXiv: not an arXiv id, got '\Q$id\E'$/], row => { arxiv_id => undef } });
	s2_survives("the DOI '$id'", stranger(title => '"Odd"', externalIds => qq({"DOI": "$id"})), { dropped => 1, told => [qr/: externalIds\.DOI: not a DOI, got '\Q$id\E'$/], row => { doi => undef } });
	s2_survives("the paper id '$id'", stranger(title => '"Odd"', paperId => qq("$id")), { dropped => 1, told => [qr/: paperId: not 40 hex digits, got '\Q$id\E'$/], row => { title => 'Odd' } });
}
s2_survives('a date with hidden characters', stranger(title => '"Odd"', publicationDate => '"2026\u200b-\u2067\ufeff06"'), { dropped => 2, row => { published_date => '2026-01-01T00:00:00' },
	told => [qr/: publicationDate: text repaired, 1 /, qr/: publicationDate: not a date, got '2026\\u200b-\\ufeff06'$/] });
s2_survives('empty ids', stranger(title => '"Odd"', paperId => '""', externalIds => '{"ArXiv": "", "DOI": "", "DBLP": ""}'), { row => { arxiv_id => undef, doi => undef } });
s2_survives('an address that is a script', stranger(title => '"Odd"', url => '"javascript:alert(1)"'), { dropped => 1, told => [qr/: url: not an http\(s\) address, got 'javascript:alert\(1\)'$/], row => { url => undef } });
my %of_text = (title => 'title', abstract => 'abstract', venue => 'venue', publicationDate => 'publicationDate', paperId => 'paperId');
s2_survives("$_ is a number", stranger(title => '"Odd"', $_ => '7'), { dropped => 1, told => [qr/: $_: not a string, got '7'$/], row => { citation_count => 19 } }) for sort keys %of_text;
s2_survives("$_ is a string", stranger(title => '"Odd"', $_ => '"x"'), { dropped => 1, told => [qr/: $_: not a list, got 'x'$/], row => { title => 'Odd' } }) for qw(authors fieldsOfStudy);
s2_survives("$_ is a list", stranger(title => '"Odd"', corpusId => 9, $_ => '[1]'), { dropped => 1, told => [qr/: $_: not an object, got '\[1\]'$/], row => { title => 'Odd' } }) for qw(externalIds openAccessPdf);
s2_survives("$_ is null", stranger(title => '"Odd"', $_ => 'null'), { row => {} }) for qw(paperId corpusId externalIds abstract authors fieldsOfStudy publicationDate year venue citationCount influentialCitationCount openAccessPdf url);
s2_survives('an author is null, another a string', stranger(title => '"Odd"', authors => '[null, "B", {"name": null}, {"name": "C"}]'), { dropped => 1, told => [qr/: authors: not an object, got 'B'$/], row => { authors => ['C'] } });
s2_survives('100 authors are numbers', stranger(title => '"Odd"', authors => '[' . join(',', 1 .. 100) . ']'), { dropped => 100, told => [(qr/: authors: not an object, got '\d+'$/) x 100], row => { authors => [] } });
s2_survives('every value is null', '{' . join(', ', map { qq("$_": null) } qw(paperId corpusId externalIds title authors year)) . '}', { refused => 1, told => [qr/^semantic_scholar: item 2 \(no id\): paper: neither id nor title, entry skipped$/] });
s2_survives("the entry is $_", $_, { refused => 1, told => [qr/^semantic_scholar: item 2 \(no id\): paper: /] }) for '"a string"', '7', '[]', '{}', 'true';
s2_survives('a title and no id', '{"title": "Odd"}', { refused => 1, told => [qr/^semantic_scholar: item 2: no id of any kind$/] });
s2_survives('a key stands twice', stranger(title => '"Odd", "title": "Even"'), { refused => 1, told => [qr/^semantic_scholar: item 2 \(0{39}9\): paper: duplicate object key near '"title"', entry skipped$/] });
s2_survives('a key stands twice, once in disguise', stranger(title => '"Odd", "t\u0069tle": "Even"'), { refused => 1, told => [qr/: paper: duplicate object key near '.*', entry skipped$/] });
s2_survives('a key stands twice inside', stranger(title => '"Odd"', externalIds => '{"ArXiv": "2606.00001", "ArXiv": "2606.00002"}'), { refused => 1, told => [qr/: paper: duplicate object key near '"ArXiv"', entry skipped$/] });
s2_survives('an abstract of 1 MiB and a byte', stranger(title => '"Odd"', abstract => '"' . 'x' x (1048576 + 1) . '"'), { dropped => 1, told => [qr/: abstract: longer than 1048576 bytes, dropped$/], row => { abstract => undef } });
survives('Semantic Scholar: all at once', [$feeds, page(paper(1), stranger(title => qq("caf\xe9"), citationCount => '1' . '0' x 30), stranger(corpusId => '8, "corpusId": 9'), paper(2), paper(3))],
	{ source => 'semantic_scholar', refused => 1, dropped => 2, row => { title => "caf$mark", citation_count => 0 },
	  told => [qr/: item 2 \(0{39}9\): title: text repaired, 1/, qr/: item 2 .*: citationCount: not a whole number/, qr/: item 3 \(0{39}9\): paper: duplicate object key/] });

# A flood is counted, not told.
{
	my ($target, $run) = build_of($feeds, page((map { paper($_) } @good), stranger(title => '"Odd"', authors => '[' . join(',', (7) x 9999) . ']')));
	is($run->{code}, 0, 'a flood of faults: exit 0');
	is(scalar(() = $run->{err} =~ /^fineset: semantic_scholar: item /mg), 100, '... a hundred are told');
	like($run->{err}, qr/^fineset: semantic_scholar: page: 9899 more faults$/m, '... and how many are not');
	is(json(slurp("$target/latest/manifest.json"))->{sources}{semantic_scholar}{dropped}, 9999, '... all are counted');
	$survived++;
}

# --- dialects of Atom that were never seen: the same bytes come of them
{
	my ($plain) = build_of(feed(map { entry($_, title => "A & B < $_" =~ s/&/&amp;/r =~ s/</&lt;/r, comment => 'code: https://github.com/a/b', doi => "10.1000/$_", journal_ref => 'J. 1') } @good), $pages);
	my $want = "$plain/latest/data.jsonl";
	is(scalar(lines($want)), 3, 'three papers in the usual dialect');
	my ($ns, $ans, $os) = ('http://www.w3.org/2005/Atom', 'http://arxiv.org/schemas/atom', 'http://a9.com/-/spec/opensearch/1.1/');
	my %fields = map { my $n = $_; $n => { id => "http://arxiv.org/abs/2606.0000${n}v1", title => "A &amp; B &lt; $n", summary => "About speculative decoding $n.", published => "2026-06-0${n}T00:00:00Z",
		updated => "2026-06-0${n}T00:00:00Z" } } @good;
	my $dialect = sub {
		my ($name, $feed) = @_;
		my ($target, $run) = build_of($feed, $pages);
		my $good = is($run->{code}, 0, "dialect: $name: exit 0") & unlike($run->{err}, qr/arxiv: (?:item|page)/, '... nothing to tell') & same_bytes("$target/latest/data.jsonl", $want, '... the same data.jsonl');
		$survived++ if $good;
	};
	my $plain_entry = sub {
		my ($n, $prefix, $arxiv, %more) = @_;
		my %is = %{ $fields{$n} };
		my @parts = ((map { "<$prefix$_>$is{$_}</$prefix$_>" } qw(id title summary published updated)), "<${arxiv}comment>code: https://github.com/a/b</${arxiv}comment>", "<${arxiv}doi>10.1000/$n</${arxiv}doi>",
			"<${arxiv}journal_ref>J. 1</${arxiv}journal_ref>", "<${prefix}author><${prefix}name>Author $n</${prefix}name></${prefix}author>", "<${prefix}category term='cs.CL'/>");
		@parts = reverse @parts if $more{reverse};
		return "<${prefix}entry>" . join($more{between} // '', '', @parts, '') . "</${prefix}entry>";
	};
	my $numbers = sub { my ($p) = @_; "<${p}totalResults>3</${p}totalResults><${p}startIndex>0</${p}startIndex>" };
	$dialect->('other prefixes, the other way round, numbers last', qq(<?xml version='1.0'?><a:feed xmlns:a="$ns" xmlns:b="$ans" xmlns:c="$os">) . join('', map { $plain_entry->($_, 'a:', 'b:', reverse => 1) } @good) . $numbers->('c:') . '</a:feed>');
	$dialect->('no declaration, a byte order mark', "\xef\xbb\xbf<feed xmlns='$ns' xmlns:x='$ans' xmlns:os='$os'>" . $numbers->('os:') . join('', map { $plain_entry->($_, '', 'x:') } @good) . '</feed>');
	$dialect->('https in the namespaces', "<feed xmlns='$ns' xmlns:x='$ans' xmlns:os='$os'>" =~ s/http:/https:/gr . $numbers->('os:') . join('', map { $plain_entry->($_, '', 'x:') } @good) . '</feed>');
	$dialect->('namespaces declared where they are used', "<feed xmlns='$ns'><totalResults xmlns='$os'>3</totalResults><q:startIndex xmlns:q='$os'>0</q:startIndex>"
	    . join('', map { my $e = $plain_entry->($_, '', 'x:'); $e =~ s/<(x:\w+)>/<$1 xmlns:x='$ans'>/g; $e } @good) . '</feed>');
	$dialect->('unknown elements, comments and instructions between all', "<?style x?><!-- a --><feed xmlns='$ns' xmlns:x='$ans' xmlns:os='$os' xml:lang='en' new='1'><!-- <entry/> --><title>t</title><new><entry><id>y</id></entry></new>" . $numbers->('os:')
	    . join('', map { $plain_entry->($_, '', 'x:', between => "<!-- c --><?p i?><x:new><title>no</title></x:new><link href='http://example.org'/>\n") } @good) . '<rights>r</rights></feed><!-- end -->');
	$dialect->('CDATA, comments and references inside texts', "<feed xmlns='$ns' xmlns:x='$ans' xmlns:os='$os'>" . $numbers->('os:')
	    . join('', map { my $e = $plain_entry->($_, '', 'x:'); $e =~ s{<title>A &amp; B &lt; }{<title><![CDATA[A & ]]>&#66;<!-- x --> <?p?>&#x3c;&#32;}; $e =~ s{cs\.CL}{cs.&#67;L}; $e =~ s{>About}{>&#x41;bo<![CDATA[ut]]>}; $e } @good) . '</feed>');
	$dialect->('attributes and markup of Atom types', "<feed xmlns='$ns' xmlns:x='$ans' xmlns:os='$os'>" . $numbers->('os:')
	    . join('', map { my $e = $plain_entry->($_, '', 'x:'); $e =~ s{<title>A(.*?)</title>}{<title type="xhtml" xml:base="/"><div xmlns="http://www.w3.org/1999/xhtml"><i>A</i>$1</div></title>}; $e =~ s{<summary>}{<summary type="text" x:a='1'>}; $e } @good) . '</feed>');
	$dialect->('blanks and line feeds everywhere', "\n \n<feed\n xmlns='$ns'\r\n xmlns:x='$ans' xmlns:os='$os' >" . $numbers->('os:') . join("\r\n", map { my $e = $plain_entry->($_, '', 'x:', between => "\r\n\t"); $e =~ s{<(\w[\w:]*)>([^<]+)</\1>}{<$1\n>\n  $2\n </$1 >}g; $e } @good) . "\n</feed >\n\n");
	$dialect->('elements of the same names in other namespaces', "<feed xmlns='$ns' xmlns:x='$ans' xmlns:os='$os' xmlns:o='urn:other'><o:totalResults>9</o:totalResults>" . $numbers->('os:')
	    . join('', map { my $e = $plain_entry->($_, '', 'x:'); $e =~ s{<id>}{<o:id>no</o:id><o:title>no</o:title><o:comment>no</o:comment><comment>no</comment><id>}; $e } @good) . '<o:entry/></feed>');
}

# --- titles that would like to be more than text
for my $case (
	['a script', '<script>alert(1)</script>'], ['a quote', '"quoted" and \'so\''], ['backslashes', 'a\\b\\n\\u0041'], ['U+2028 and U+2029', "a\x{2028}b\x{2029}c", 'a b c'], ['a heading', '# heading'], ['a link', '[a](javascript:alert(1))'],
	['an image', '![x](http://example.org/x.png)'], ['YAML', "---\nlicense: mit\n---", '--- license: mit ---'], ['a template', '{{7*7}} ${HOME} `id` $(id)'], ['LaTeX', '\\input{/etc/passwd} $x_1$'], ['a formula', q(=cmd|' /C calc'!A0)],
	['formats', '%s%n%d%100000000d'], ['a zero-width space', "a\x{200b}b"], ['a tag character', "a\x{e0041}b"], ['a mark of direction', "a\x{200f}b"], ['an entity', '&lt;b&gt; &#0;'], ['a JSON line', "a\"}\n{\"id\": \"x", 'a"} {"id": "x'],
) {
	my ($what, $title, $kept) = @$case;
	$kept //= $title;
	my $xml = encode_utf8($title) =~ s/&/&amp;/gr =~ s/</&lt;/gr;
	my $all = subtest "a title that is $what" => sub {
		my ($target, $run) = build_of(feed(map({ entry($_) } @good), entry(4, title => $xml)), page(map { paper($_) } @good, 4));
		is($run->{code}, 0, 'exit 0') or diag($run->{err});
		my @lines = lines("$target/latest/data.jsonl");
		is(scalar(@lines), 4, 'four rows, a line each');
		is(json($lines[0])->{title}, $kept, 'the title is text');
		my $card = slurp("$target/latest/README.md");
		is(index($card, encode_utf8($kept)), -1, 'the card has nothing of it');
		my $told = run('audit', $target, '2606.00004');
		is($told->{code}, 0, 'audit explains it');
		ok(is_inert($told->{out} . $told->{err} . $run->{err}), 'nothing of it reaches the terminal');
		is(json(run('audit', $target, '2606.00004', '--json')->{out})->{title} // $kept, $kept, '--json has it as it is');
		is(run('audit', $target)->{code}, 0, 'audit finds no fault');
	};
	$survived++ if $all;
}

# --- names and topics that would like to be query, header, card or file
sub decoded { my ($text) = @_; $text =~ tr/+/ /; $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge; return $text }

my ($plain_headers) = do {
	requests($server);
	build_of($feeds, $pages);
	my @asked = requests($server);
	map { join ' ', sort keys %{ $_->{headers} } } grep { $_->{kind} eq 'search' } @asked;
};
for my $case (
	# what, the topic, the phrase that is asked for
	['quotes', 'a" OR all:"b', 'a  OR all: b'], ['parentheses', 'a) OR (b'], ['operators', 'a AND b ANDNOT c'], ['CR LF and a header', "a\r\nX-Evil: 1\r\n\r\nGET / HTTP/1.1", 'a X-Evil: 1 GET / HTTP/1.1'],
	['parameters', 'a&max_results=1&start=7#x'], ['percent signs', 'a%22%20OR%0d%0a'], ['a plus', 'a+b'], ['backslashes', 'a\\" OR \\', 'a   OR'], ['a path', '../../../etc/passwd'], ['a null device', '/dev/null'], ['an option', '--max-time=1'],
	['other scripts', "推測 ünïcode \x{1f600}"], ['brackets and wildcards', '[* TO *] ?x* ~2 ^4'], ['a colon', 'cat:cs.CL'], ['a shell', '$(touch x) `id` ; rm -rf .'], ['markup', '<script>&amp;</script> [x](y) ---'],
	['a long one', join ' ', ('word') x 60], ['an override of direction', "a\x{202e}b", 'ab'], ['operators of Semantic Scholar', 'a | b + -c "x"~3', 'a | b + -c  x ~3'],
) {
	my ($what, $topic, $phrase) = @$case;
	$phrase = encode_utf8($phrase // $topic);
	my $all = subtest "a topic with $what" => sub {
		requests($server);
		my $home = "$dir/" . ++$number;
		mkdir $home or die;
		spew($atom, $feeds);
		spew($s2, $pages);
		my $run = run('build', "$home/set", '--topic=' . encode_utf8($topic), '--as-of', '2026-06-19', Fineset::options_to($server->{base}));
		is($run->{code}, 0, 'exit 0') or diag($run->{err});
		my @asked = requests($server);
		is(join(' ', sort map { $_->{kind} } @asked), 'bulk search', 'one request of each source');
		my ($search) = grep { $_->{kind} eq 'search' } @asked;
		my ($bulk) = grep { $_->{kind} eq 'bulk' } @asked;
		# A quote at its end has become a blank.
		my $is = qr/\Q$phrase\E */;
		like($search->{target}, qr{\A/api/query\?search_query=[!-~]+&start=0&max_results=\d+&sortBy=submittedDate&sortOrder=ascending\z}, 'arXiv: the parameters are ours');
		my ($query) = $search->{target} =~ /search_query=([^&]*)/;
		like(decoded($query), qr{\A\(\(ti:"$is" OR abs:"$is"\)\) AND submittedDate:\[\d{12} TO \d{12}\]\z}, 'arXiv: the topic is one quoted phrase');
		like($bulk->{target}, qr{\A/graph/v1/paper/search/bulk\?query=[^&]+&fields=[\w,]+&sort=paperId:asc\z}, 'Semantic Scholar: the parameters are ours');
		($query) = $bulk->{target} =~ /query=([^&]*)/;
		like(decoded($query), qr{\A"$is"\z}, 'Semantic Scholar: the topic is one quoted phrase');
		is(join(' ', sort keys %{ $search->{headers} }), $plain_headers, 'the headers are ours');
		is(join(' ', map { s{^/}{}r } grep { m{^/[^/]+/?$} } listing($home) =~ /^(\S*)/mg), 'set/', 'no file beside DIR');
		is(json(slurp("$home/set/topic.json"))->{any}[0], $topic =~ s/\s+/ /gr =~ s/\x{202e}//gr, 'topic.json has it as text');
		my $card = slurp("$home/set/latest/README.md");
		is(scalar(() = $card =~ /^---$/mg), 2, 'the card has one front matter');
		my ($shown) = $card =~ /^- One of these phrases: (.*)$/m;
		unlike($shown =~ s/\\[[:punct:]]//gr, qr/[<>\[\]`*_!|&{}\$~#]/, '... and the phrase is no markup');
		ok(is_inert($run->{err}), 'nothing of it reaches the terminal');
		is(run('audit', "$home/set")->{code}, 0, 'audit finds no fault');
	};
	$survived++ if $all;
}
for my $name ("x\n---\nlicense: mit", '../../x', '<img src=x onerror=alert(1)>', '"quoted": {}', "\x{202e}gnp.exe", "a\x{2028}b", "# [x](javascript:y)", '`a` *b* _c_ | d', '- x: &a *a !!python/object', "k: v # c") {
	my $all = subtest encode_utf8("the name $name") => sub {
		my ($target, $run) = build_of($feeds, $pages, '--name', encode_utf8($name));
		is($run->{code}, 0, 'exit 0') or diag($run->{err});
		my $kept = $name =~ s/\s+/ /gr =~ s/\x{202e}//gr;
		my $card = slurp("$target/latest/README.md");
		my ($front, $body) = $card =~ /\A---\n(.*?)^---\n(.*)\z/ms;
		my ($pretty) = $front =~ /^pretty_name: (".*")$/m;
		is(json("[$pretty]")->[0], $kept, 'a string of the front matter');
		is(scalar(() = $card =~ /^---$/mg), 2, '... which ends where it should');
		is(scalar(() = $front =~ /^license:/mg), 1, '... and has one license');
		my ($heading) = $body =~ /^# (.*)$/m;
		unlike($heading =~ s/\\[[:punct:]]//gr, qr/[<>\[\]`*_!|&{}\$~#]/, 'no markup in the heading');
		is(join(' ', map { s{^/}{}r } grep { m{^/[^/]+/?$} } listing($target =~ s{/set$}{}r) =~ /^(\S*)/mg), 'set/', 'no file beside DIR');
		ok(is_inert($run->{err}), 'nothing of it reaches the terminal');
	};
	$survived++ if $all;
}
{
	requests($server);
	my $run = run('build', "$dir/long", '--topic', 'x' x 301, Fineset::options_to($server->{base}));
	is($run->{code}, 64, 'a topic of 301 bytes: exit 64');
	is(scalar(requests($server)), 0, '... and nothing is asked');
	ok(!-e "$dir/long", '... nothing is written');
	$survived++ if $run->{code} == 64;
}
stop($server);
diag("$survived hostile items were survived");
done_testing;
