#!/usr/bin/perl
# `fineset audit` without an id: what does not reproduce is named, line and field, and nothing else is.
# A row alone cannot show everything.  What stays unseen in a bare file is counted below and is one of these: a count, a
# flag or a date that does not move the score and contradicts nothing else (its place, the month of its arXiv id), a
# text, and the DOI of a paper that has an arXiv id.  With the sources beside it every change is seen.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Digest::SHA qw(sha256_hex);
use Fineset;
use JSON::PP;
use Test::More;

time_limit(600);
leaks_in_one_of(7);

my $as_of = '2026-06-19';
my $built = build("$dir/demo", server()->{base});
is($built->{code}, 0, 'the demo world is built');

# --- rows as the program writes them, so that one value can be another

sub text_json {
	my ($text) = @_;
	return 'null' unless defined $text;
	my %short = ("\b" => '\b', "\f" => '\f', "\n" => '\n', "\r" => '\r', "\t" => '\t', '"' => '\"', '\\' => '\\\\');
	$text =~ s/([\x00-\x1f"\\])/$short{$1} \/\/ sprintf '\u%04x', ord $1/ge;
	utf8::encode($text);
	return "\"$text\"";
}

# Numbers are texts here, as they stand in the line.
my %is_number = map { $_ => 1 } qw(citation_count influential_citation_count quality_score);

sub value_json {
	my ($key, $value) = @_;
	return $value if $is_number{$key};
	return $value ? 'true' : 'false' if $key eq 'has_code';
	return '[' . join(', ', map { text_json($_) } @$value) . ']' if ref $value;
	return text_json($value);
}

sub line_of {
	my ($row) = @_;
	return '{' . join(', ', map { "\"$_\": " . value_json($_, $row->{$_}) } @row_keys) . "}\n";
}

# The rows of a file, numbers as they are written.
sub rows_of {
	my ($path) = @_;
	my @scores = raw_scores($path);
	my @rows = rows($path);
	$rows[$_]{quality_score} = $scores[$_] for 0 .. $#rows;
	for my $row (@rows) {
		$row->{$_} = "$row->{$_}" for qw(citation_count influential_citation_count);
	}
	return @rows;
}

# --- one change each: another digit or letter, at a place that moves on with $n

sub other_digit {
	my ($text, $place, $n) = @_;
	my @at;
	push @at, $-[0] while $text =~ /[0-9]/g;
	my $at = $at[ $place % @at ];
	substr($text, $at, 1) = (substr($text, $at, 1) + 1 + $n % 9) % 10;
	return $text;
}

sub other_letter {
	my ($text, $n) = @_;
	my @at;
	push @at, $-[0] while $text =~ /[A-Za-z]/g;
	return $text . 'x' unless @at;
	my $at = $at[ $n % @at ];
	substr($text, $at, 1) = substr($text, $at, 1) eq 'q' ? 'r' : 'q';
	return $text;
}

my %changed = (
	id => sub { my ($v, $n) = @_; substr($v, $n % 64, 1) =~ tr/0-9a-f/1-9a-f0/; $v },
	sources => sub { @{ $_[0] } == 2 ? ['arxiv'] : ['arxiv', 'semantic_scholar'] },
	(map { $_ => sub { defined $_[0] ? other_letter(@_) : 'A text' } } qw(title abstract code_url venue)),
	(map { $_ => sub { @{ $_[0] } ? [other_letter($_[0][0], $_[1]), @{ $_[0] }[1 .. $#{ $_[0] }]] : ['One'] } }
		qw(authors categories fields_of_study)),
	published_date => sub { defined $_[0] ? other_digit($_[0], $_[1] % 8, $_[1]) : '2026-01-01T00:00:00' },
	(map { $_ => sub { !defined $_[0] ? 'https://example.org/1' : $_[1] % 2 && $_[0] =~ /\d/ ? other_digit(@_[0, 1, 1]) : other_letter(@_) } }
		qw(url pdf_url)),
	arxiv_id => sub { defined $_[0] ? other_digit(@_[0, 1, 1]) : '2601.00001' },
	doi => sub { defined $_[0] ? other_digit(@_[0, 1, 1]) : '10.1000/1' },
	(map { $_ => sub { other_digit(@_[0, 1, 1]) =~ s/^0(?=\d)/9/r } } qw(citation_count influential_citation_count)),
	has_code => sub { !$_[0] },
	quality_score => sub { other_digit(@_[0, 1, 1]) },
);

my $values = JSON::PP->new->canonical->allow_nonref;

# The faults that an audit tells as JSON, and what it says at the end.
sub audit {
	my ($target, @options) = @_;
	my $run = run('audit', $target, '--json', @options);
	my @told = map { json($_) } split /(?<=\n)/, $run->{out};
	my $end = @told ? pop @told : {};
	return ($run, $end, @told);
}

# --- a dataset: every field of every row in turn
{
	my $data = "$dir/demo/snapshots/$as_of/data.jsonl";
	my @rows = rows_of($data);
	my @lines = lines($data);
	is(join('', map { line_of($_) } @rows), join('', @lines), 'the test writes rows as the program does');

	my ($run, $end) = audit("$dir/demo");
	is("$run->{code} $end->{reproduced} of $end->{rows}, $end->{faults}", '0 90 of 90, 0', 'as it was built all of it reproduces');

	my ($changes, @wrong) = (0);
	# One field of some rows is another: the audit tells these, and nothing else.
	my $try = sub {
		my (%field_of) = @_;
		my (@file, %row);
		for my $number (0 .. $#rows) {
			my $field = $field_of{$number};
			$row{$number} = { %{ $rows[$number] }, $field => $changed{$field}->($rows[$number]{$field}, $number) } if defined $field;
			push @file, defined $field ? line_of($row{$number}) : $lines[$number];
		}
		spew($data, @file);
		my ($run, $end, @told) = audit("$dir/demo");
		my @numbers = sort { $a <=> $b } keys %field_of;
		my $got = join "\n", map { join ' ', $_->{file} // $_->{line}, $_->{field}, defined $_->{file} ? () : map { $values->encode($_) } @$_{qw(stored expected)} } @told;
		my $should = join "\n", (map {
			my ($number, $field) = ($_, $field_of{$_});
			join ' ', $number + 1, $field, map { $values->encode(json('[' . value_json($field, $_->{$field}) . ']')->[0]) } $row{$number}, $rows[$number];
		} @numbers), (map { "data.jsonl $_" } length join('', @file) == length join('', @lines) ? () : 'bytes', 'sha256');
		$changes += @numbers;
		push @wrong, 'lines ' . join(',', map { $_ + 1 } @numbers) . ": $run->{code} $end->{reproduced}\n$got\nshould be\n$should\n"
		    if $run->{code} != 65 || $end->{reproduced} != @rows - @numbers || $got ne $should;
	};
	$try->($_ => $row_keys[ $_ * 7 % @row_keys ]) for 0 .. $#rows;
	is($changes, 90, 'a field of each row in turn');
	for my $shift (0 .. $#row_keys) {
		$try->(map { $_ => $row_keys[ ($_ + $shift) % @row_keys ] } 0 .. $#rows);
	}
	spew($data, @lines);
	is($changes, 90 + 90 * @row_keys, 'each field of each row, all rows at once');
	is(scalar(@wrong), 0, 'each is found: the line, the field, both values, the digest of the file, and nothing else')
	    or diag(join "\n", @wrong > 20 ? @wrong[0 .. 19] : @wrong);
}

# --- a dataset: what is wrong with no single value
{
	my $snapshot = "$dir/demo/snapshots/$as_of";
	my %was = map { $_ => slurp("$snapshot/$_") } qw(data.jsonl README.md manifest.json changes.jsonl);
	my @lines = lines("$snapshot/data.jsonl");
	my @ids = map { $_->{id} } rows("$snapshot/data.jsonl");
	my ($digest, $both) = ('data.jsonl:sha256', 'data.jsonl:bytes data.jsonl:sha256');
	my $stray = '{"id": "' . 'ab' x 32 . '", "title": "Nobody has seen this"}' . "\n";
	my @table = (
		# why, file, its new bytes, the faults as FILE or LINE:FIELD, [what the first one says as text]
		['a row is gone', 'data.jsonl', join('', @lines[0 .. 39, 41 .. 89]), "none:id $both", qr/^\S+: id: stored nothing, expected "$ids[40]" \(missing\)$/m],
		['a row stands twice', 'data.jsonl', join('', @lines[0 .. 40, 40 .. 89]), "42:id $both", qr/^line 42: \S+: id: stored "$ids[40]" \(line 41 has it already\)$/m],
		['a row stands too early', 'data.jsonl', join('', @lines[0 .. 9, 70, 10 .. 69, 71 .. 89]), "11:published_date $digest", qr/^line 11: \S+: published_date: stored "[-0-9T:]+" \(order: belongs behind line 71\)$/m],
		['a row stands too late', 'data.jsonl', join('', @lines[0 .. 9, 11 .. 70, 10, 71 .. 89]), "71:published_date $digest", qr/\(order: belongs before line 11\)$/m],
		['rows stand upside down', 'data.jsonl', join('', reverse @lines), join(' ', map({ "$_:published_date" } 1 .. 89), $digest), qr/^line 1: .*order: belongs behind line 90\)$/m],
		['a row that no source has', 'data.jsonl', join('', @lines[0 .. 4], $stray, @lines[5 .. 89]), "6:id $both", qr/^line 6: (?:ab){32}: id: stored "(?:ab){32}", expected null \(the sources have no such paper in this snapshot\)$/m],
		['no JSON', 'data.jsonl', join('', @lines[0 .. 88], substr($lines[89], 0, 200) . "\n"), "90:line none:id $both", qr/^line 90: line: byte 201: /m],
		['other white space', 'data.jsonl', join('', $lines[0] =~ s/": /":  /r, @lines[1 .. 89]), "1:line $both", qr/^line 1: \S+: line: the bytes differ, the values do not$/m],
		['an escape that need not be', 'data.jsonl', join('', $lines[0] =~ s/"arxiv"/"\\u0061rxiv"/r, @lines[1 .. 89]), "1:line $both"],
		['an unknown key', 'data.jsonl', join('', $lines[0] =~ s/\}$/, "x": 1}/r, @lines[1 .. 89]), "1:line $both"],
		['another key order', 'data.jsonl', join('', $lines[0] =~ s/("sources": .*?\]), ("title": ".*?"),/$2, $1,/r, @lines[1 .. 89]), "1:key order $digest", qr/^line 1: \S+: key order: title stands before sources$/m],
		['a key is missing', 'data.jsonl', join('', $lines[0] =~ s/, "venue": [^,]*(?=, "quality)//r, @lines[1 .. 89]), "1:venue $both", qr/^line 1: \S+: venue: stored nothing, expected (?:null|".*") \(the key is missing\)$/m],
		['the score as text', 'data.jsonl', join('', $lines[0] =~ s/("quality_score": )(.*)\}$/$1"$2"}/r, @lines[1 .. 89]), "1:quality_score $both", qr/^line 1: \S+: quality_score: stored "[0-9.]+", expected [0-9.]+ \(must be a number/m],
		['the end is gone', 'data.jsonl', $was{'data.jsonl'} =~ s/\n\z//r, $both],
		['nothing is left', 'data.jsonl', '', join(' ', ('none:id') x 90, $both)],
		['an edited card', 'README.md', "$was{'README.md'}\n", 'README.md:bytes README.md:sha256', qr/^README\.md: bytes: stored \d+, expected \d+\nREADME\.md: sha256: stored "[0-9a-f]{64}", expected "[0-9a-f]{64}"$/m],
		['a lost file', 'changes.jsonl', undef, 'changes.jsonl:sha256', qr/^changes\.jsonl: sha256: stored nothing, expected "[0-9a-f]{64}" \(the file is missing\)$/m],
		(map { my ($key, $from, $to) = @$_; ["the manifest's $key", 'manifest.json', $was{'manifest.json'} =~ s/$from/$to/r, "manifest.json:$key", qr/^manifest\.json: $key: stored .*, expected /m] }
			['records', qr/\n  "records": \d+/, "\n  \"records\": 91"], ['date_range', qr/"date_range": \["2003-09-08/, '"date_range": ["2003-09-09'],
			['with_code', qr/"with_code": \d+/, '"with_code": 99'], ['quality_score', qr/"p50": 0/, '"p50": 1'], ['merge.papers', qr/"papers": \d+/, '"papers": 3'],
			['merge.merged', qr/"merged": \d+/, '"merged": 3'], ['merge.source_records', qr/"source_records": \d+/, '"source_records": 3'],
			['merge.conflicts', qr/"joined": true/, '"joined": false']),
		['a file that the manifest does not list', 'manifest.json', $was{'manifest.json'} =~ s/"changes.jsonl"/"..\/..\/topic.json"/r, 'manifest.json:files manifest.json:files', qr/^manifest\.json: files: stored "\.\.\/\.\.\/topic\.json" \(no file of a snapshot\)\nmanifest\.json: files: stored nothing, expected "changes\.jsonl"$/m],
	);
	for my $case (@table) {
		my ($why, $name, $bytes, $faults, $text) = @$case;
		defined $bytes ? spew("$snapshot/$name", $bytes) : unlink "$snapshot/$name";
		isnt($bytes // '', $was{$name}, "$why: something was changed");
		my ($run, $end, @told) = audit("$dir/demo");
		is(join(' ', map { ($_->{file} // $_->{line} // 'none') . ":$_->{field}" } @told), $faults, "$why: the faults");
		is("$run->{code} $end->{faults}", '65 ' . @told, "$why: exit 65");
		my %hit = map { $_->{line} // 0 => 1 } @told;
		is($end->{reproduced}, $end->{rows} - grep({ $_ } keys %hit), "$why: the other rows reproduce");
		$run = run('audit', "$dir/demo");
		like($run->{out}, $text // qr/^/, "$why: for people");
		like($run->{out}, qr/^$end->{reproduced} of $end->{rows} rows reproduce\n\z/m, "$why: the count comes last");
		spew("$snapshot/$name", $was{$name});
	}
	is(run('audit', "$dir/demo")->{code}, 0, 'all is as it was');
}

# --- a snapshot without its sources
{
	mkdir "$dir/alone" or die;
	spew("$dir/alone/$_", slurp("$dir/demo/latest/$_")) for qw(data.jsonl README.md manifest.json changes.jsonl report.html);
	my ($run, $end, @told) = audit("$dir/alone");
	is("$run->{code} $end->{reproduced} of $end->{rows}, $end->{untold_ids} untold, @told", '0 90 of 90, 2 untold, ', 'a snapshot alone reproduces');
	my @lines = lines("$dir/alone/data.jsonl");
	spew("$dir/alone/data.jsonl", map { s/"has_code": false/"has_code": true/r } @lines);
	($run, $end, @told) = audit("$dir/alone");
	is($run->{code}, 65, 'code everywhere: exit 65');
	is(scalar(grep { !defined $_->{file} && ($_->{field} ne 'quality_score' || $_->{reason} !~ /(?:^|; )has_code false would fit(?:;|$)/) } @told), 0,
		'each score that it would move says so');
	is(join(' ', map { "$_->{file}:$_->{field}" } grep { defined $_->{file} } @told), 'manifest.json:with_code data.jsonl:bytes data.jsonl:sha256',
		'and the manifest counted less');
	spew("$dir/alone/data.jsonl", $lines[0] =~ s/("sources": .*?\]), ("title": ".*?"),/$2, $1,/r, @lines[1 .. $#lines]);
	($run, $end, @told) = audit("$dir/alone");
	is(join(' ', map { $_->{file} // "$_->{line}:$_->{field}" } @told), '1:key order data.jsonl', 'keys in another order');
	my ($other) = $lines[1] =~ /"arxiv_id": "(.*?)"/;
	spew("$dir/alone/data.jsonl", $lines[0] =~ s/("arxiv_id": ").*?"/$1$other"/r, @lines[1 .. $#lines]);
	($run, $end, @told) = audit("$dir/alone");
	is(join(' ', map { $_->{file} // "$_->{line}:$_->{field}:$_->{reason}" } @told),
		'1:arxiv_id:id and another field have this one 2:arxiv_id:line 1 has it already data.jsonl', 'an arXiv id that another row has');
}

# --- what a terminal must not get to see
{
	my ($line) = lines("$dir/demo/latest/data.jsonl");
	$line =~ s/"doi": [^,]*/"doi": "\\u001b[2J \x{c2}\x{9b}1m \x{e2}\x{80}\x{ae}evil \\u0000 "/;
	spew("$dir/evil.jsonl", $line, $line =~ s/ \\u0000//r);
	my $run = run('audit', "$dir/evil.jsonl", '--as-of', $as_of);
	is($run->{code}, 65, 'escape sequences in a row: exit 65');
	like($run->{out}, qr/^line 1: line: byte \d+: /m, 'a NUL makes a line no row');
	like($run->{out}, qr/^line 2: \S+: doi: stored "\\u001b\[2J \\u009b1m \\u202eevil"? .*\(must be a DOI or null\)$/m, 'the rest is shown');
	unlike($run->{out}, qr/[^\x20-\x7e\n]/, 'and nothing of it reaches the terminal');
}

# --- the published rows, a bare file: every digit of every id, score, count and date

# Whether a hint of the audit names this value: `citation_count 3 to 7 would fit`, `published_date 2026-01-02 or earlier ...`.
sub hinted {
	my ($reason, $field, $value) = @_;
	my ($from, $how) = ($reason // '') =~ /(?:^|; )$field (\S+)((?: to \S+| or \w+)?) would fit/ or return 0;
	my $order = $field eq 'published_date' ? sub { $_[0] cmp $_[1] } : sub { $_[0] <=> $_[1] };
	return $order->($value, $from) >= 0 if $how =~ / or (?:more|later)/;
	return $order->($value, $from) <= 0 if $how eq ' or earlier';
	return $order->($value, $from) >= 0 && $order->($value, $how =~ / to (\S+)/ ? $1 : $from) <= 0;
}

SKIP: {
	my $file = shared('fineset/rows.jsonl');
	skip 'the published rows are not here (fineset/rows.jsonl of the shared directory)', 1 unless $file;
	my @rows = rows_of($file);
	my @lines = lines($file);
	my $copy = "$dir/rows.jsonl";

	my ($run, $end) = audit($file, '--as-of', $as_of);
	is("$run->{code} $end->{reproduced} of $end->{rows}", '0 65 of 65', '65 of 65 published rows reproduce');
	$run = run('audit', $file);
	is("$run->{code} $run->{out}", "0 65 of 65 rows reproduce\n", 'and without a date');
	like($run->{err}, qr/\b$as_of\b/, 'which is found and told');

	# An id is checked by itself, so one audit may look at the same digit of all of them.
	my @missed;
	for my $place (0 .. 63) {
		my @changed = @lines;
		substr($_, 8 + $place, 1) =~ tr/0-9a-f/1-9a-f0/ for @changed;
		spew($copy, @changed);
		my ($run, $end, @told) = audit($copy, '--as-of', $as_of);
		push @missed, $place if join(' ', map { "$_->{line}:$_->{field}:$_->{expected}" } @told) ne
		    join(' ', map { ($_ + 1) . ":id:$rows[$_]{id}" } 0 .. $#rows) || $run->{code} != 65;
	}
	is("@missed", '', '4160 changes, each digit of each id: all found, and the id that is right is told');

	# One digit of some rows is another: does a fault of that line name the field, or say that the old value would fit?
	my (%made, %found, %neighbour, @wrong);
	my $judge = sub {
		my ($field, $was, $row, $code, @told) = @_;
		my ($number, $old) = ($row->{number}, substr $was->{$field}, 0, 10);
		my @of_line = grep { $_->{line} == $number + 1 } @told;
		my $named = grep { $_->{field} eq $field } @of_line;
		my $hinted = grep { $_->{field} eq 'quality_score' && hinted($_->{reason}, $field, $old) } @of_line;
		# Two neighbours contradict each other; either could be the one to move.
		my $order = grep { $_->{reason} =~ /^order: / && abs($_->{line} - $number - 1) < 3 } @told;
		$made{$field}++;
		my $what = 'line ' . ($number + 1) . ", $field $old, now $row->{$field}";
		push @wrong, "$what: another field is named" if !$named && grep { $_->{field} ne 'quality_score' } @of_line;
		push @wrong, "$what: exit $code" if $code != (@told ? 65 : 0);
		return $found{$field}++ if $named || $hinted;
		return $neighbour{$field}++ if $order;
		# Nothing in the row contradicts it, then.
		my $date = substr $row->{published_date}, 0, 10;
		my $still_fits = $field ne 'arxiv_id' && $date le $as_of && $date le '20' . ($row->{arxiv_id} =~ s/^(..)(..).*/$1-$2-31/r) &&
		    score_text($row, $as_of) eq $row->{quality_score};
		push @wrong, "$what: not found" if @of_line || !$still_fits;
	};
	my $try = sub {
		my ($field, $place, $step, @numbers) = @_;
		my %row;
		for my $number (@numbers) {
			my %other = (%{ $rows[$number] }, number => $number);
			next if $other{$field} !~ /^.{$place}\d/;
			substr($other{$field}, $place, 1) = (substr($other{$field}, $place, 1) + $step) % 10;
			$other{$field} =~ s/^0(?=\d)/9/ if $field =~ /_count/;
			$row{$number} = \%other;
		}
		return if !%row;
		spew($copy, map { $row{$_} ? line_of($row{$_}) : $lines[$_] } 0 .. $#rows);
		my ($run, $end, @told) = audit($copy, '--as-of', $as_of);
		push @wrong, "line $_->{line} is as it was: $_->{reason}" for grep { !$row{ $_->{line} - 1 } && $_->{reason} !~ /^order: / } @told;
		$judge->($field, $rows[$_], $row{$_}, $run->{code}, @told) for sort { $a <=> $b } keys %row;
	};
	for my $place (0 .. 9) {
		$try->($_, $place, 1, 0 .. $#rows) for qw(arxiv_id quality_score);
		# A small count more often than not leaves the score as it is: two tries.
		for my $step (1, 7) {
			$try->($_, $place, $step, 0 .. $#rows) for qw(citation_count influential_citation_count);
		}
		# A date has its place among those of its neighbours, which stay as they are.
		for my $first (0 .. 7) {
			$try->('published_date', $place, 1, grep { $_ % 8 == $first } 0 .. $#rows);
		}
	}
	is(scalar(@wrong), 0, 'each change of a digit that a row can show is found') or diag(join "\n", @wrong > 20 ? @wrong[0 .. 19] : @wrong);
	for my $field (sort keys %made) {
		my ($all, $seen, $beside) = map { $_->{$field} // 0 } \(%made, %found, %neighbour);
		note("$field: $all digits changed, $seen named or hinted at, $beside shown by a neighbour's place, " . ($all - $seen - $beside) . ' fit as well');
		is($seen, $all, "$field: all of them") if $field =~ /^(?:arxiv_id|quality_score)$/;
	}
}
# --- a DOI in conflict stands in several rows, which a file tells by itself
{
	my $arxiv = sub { my ($id, $title) = @_; return qq({"source":"arxiv","fetched":"2026-06-19T03:00:07Z","arxiv_id":"$id","version":1,"title":"$title","published":"2024-01-18T17:59:58Z","doi":"10.1/X"}\n) };
	my $s2 = sub { my ($id) = @_; return qq({"source":"semantic_scholar","fetched":"2026-06-19T03:00:07Z","paper_id":"p$id","corpus_id":$id,"doi":"10.1/x","title":"Paper $id","year":2024}\n) };
	my $audited = sub { spew("$dir/rows", @_); return run('audit', "$dir/rows", '--as-of', '2026-06-19') };
	my $faults = sub { my ($audit) = @_; return join ' ', $audit->{out} =~ /^line (\d+): \S+: (\w+): /mg };
	spew("$dir/records", $arxiv->('2401.00001', 'Fast decoding'), $arxiv->('2401.00002', 'Slow encoding'), $s2->(7), $s2->(8));
	my @made = split /^/m, run('merge', '-q', "$dir/records", '--as-of', '2026-06-19')->{out};
	is(scalar(@made), 4, 'a DOI in conflict joins nothing');
	for my $order ([0 .. 3], [3, 2, 1, 0], [2, 0, 3, 1]) {
		my $audit = $audited->(@made[@$order]);
		is($faults->($audit) =~ s/\d published_date ?//gr, '', "... and no row @$order is at fault for it, without a manifest");
	}
	is($audited->(@made)->{out}, "4 of 4 rows reproduce\n", '... they reproduce');
	for my $without (0, 1) {
		my $audit = $audited->(@made[grep { $_ != $without } 0 .. 3]);
		is($audit->{code}, 65, 'the same DOI on rows of one arXiv id: exit 65');
		is($faults->($audit), '2 doi 3 id 3 doi', '... names each');
		like($audit->{out}, qr{^1 of 3 rows reproduce$}m, '... and counts them');
	}
	is($faults->($audited->(@made[1, 1, 2])), '2 id 2 arxiv_id 2 doi 3 doi', 'one row twice is no conflict');
}

done_testing();
