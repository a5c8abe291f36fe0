#!/usr/bin/perl
# `fineset export --to bibtex`: Debian's bibtex takes the entries of all real papers and of the worst rows without a word, sees
# every author and leaves the titles alone; and another parser gets the fields back.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Corpus;
use Encode ();
use Fineset;
use Test::More;

time_limit(240);
my $missing = missing_modules('JSON::XS');
plan skip_all => "these are not here: $missing" if $missing;
my $json = JSON::XS->new->utf8;
my $rows = "$dir/rows.jsonl";
my ($hostile, $real) = corpus_rows($rows, $json);
my @row = map { $json->decode($_) } lines($rows);

my $bib = "$dir/data.bib";
my $export = run('export', $rows, '--to', 'bibtex', '-o', $bib);
is("$export->{code}$export->{out}$export->{err}", '0', 'the rows become entries');
if ($ENV{SAN}) {
	note('a sanitized program writes the same entries, which are looked at without it');
	done_testing;
	exit;
}
my @entry = split /^(?=@)/m, slurp($bib);
my @keys = map { /^@\w+\{([^,\n]+)/ ? $1 : () } @entry;
is(scalar(@keys), scalar(@row), 'one for each: ' . @keys);
my %seen;
is(join(' ', grep { $seen{ lc $_ }++ } @keys), '', 'no key is there twice');
is(join(' ', grep { !/^[a-z]+\d*-[a-z0-9.-]+$/ } @keys), '', 'keys are letters, digits, dots and hyphens');

# Another paper that comes in, or goes, renames none: an entry is made of its row alone.
spew("$dir/some.jsonl", (lines($rows))[map { 3 * $_ } 0 .. ($#row < 3000 ? $#row : 3000) / 3]);
my $some = run('export', "$dir/some.jsonl", '--to', 'bibtex');
my %entry = map { $_ => 1 } @entry;
is(scalar(grep { !$entry{$_} } split /^(?=@)/m, $some->{out}), 0, 'an entry is the same among others');
undef %entry;

# How many names bibtex must see.
sub names { my ($row) = @_; return scalar grep { /\S/ } @{ $row->{authors} } }

# --- Debian's bibtex, with a style of our own: each entry as type and key, title with its capitals lowered, number of names, eprint
SKIP: {
	my ($bibtex) = grep { -x } map { "$_/bibtex" } split /:/, $ENV{PATH} // '';
	skip 'there is no bibtex here', 1 unless $bibtex;
	spew("$dir/check.bst", <<'END');
ENTRY { title author journal booktitle howpublished year month eprint archivePrefix primaryClass doi url abstract } { } { }
INTEGERS { i count }
FUNCTION {line} { write$ newline$ }
FUNCTION {entry} {
	"=" type$ * " " * cite$ * line
	title empty$ { "-" } { title "t" change.case$ } if$ line
	author empty$ { "=0" } {
		author num.names$ 'count :=
		#1 'i :=
		{ i count #1 + < } { author i "{ff}{vv}{ll}{jj}" format.name$ pop$ i #1 + 'i := } while$
		"=" count int.to.str$ *
	} if$ line
	eprint empty$ { "=" } { "=" eprint * } if$ line
	month empty$ { "" } { month } if$ line
}
FUNCTION {misc} { entry }
FUNCTION {article} { entry }
FUNCTION {inproceedings} { entry }
MACRO {jan} {"1"} MACRO {feb} {"2"} MACRO {mar} {"3"} MACRO {apr} {"4"} MACRO {may} {"5"} MACRO {jun} {"6"}
MACRO {jul} {"7"} MACRO {aug} {"8"} MACRO {sep} {"9"} MACRO {oct} {"10"} MACRO {nov} {"11"} MACRO {dec} {"12"}
READ
ITERATE {call.type$}
END
	spew("$dir/check.aux", "\\citation{*}\n\\bibstyle{check}\n\\bibdata{data}\n");
	my $run = finish(start([], command => ['sh', '-c', 'cd "$1" && exec "$2" check', 'sh', $dir, $bibtex],
		env => { BSTINPUTS => '.', BIBINPUTS => '.', hash_size => 200000, max_strings => 200000 }));
	is($run->{code}, 0, 'bibtex: exit 0');
	is(join("\n", grep { /warning|error|^I |^---|^Sorry/i } split /\n/, $run->{out}), '', '... without a warning');
	# It breaks long lines at blanks.
	my @seen = split /^=(?=(?:misc|article|inproceedings) )/m, slurp("$dir/check.bbl") =~ s/\n  +/ /gr;
	shift @seen;
	is(scalar(@seen), scalar(@row), '... it sees every entry');
	my @fault;
	for my $i (0 .. $#row) {
		my ($type, $key, $cased, $names, $eprint) = $seen[$i] =~ /^(\w+) (\S+)\n(.*)\n=(\d+)\n=(.*)\n/ or push(@fault, "entry $i: $seen[$i]"), next;
		my $title = $entry[$i] =~ /^  title = \{(.*?)\},?$/m ? $1 : '-';
		push @fault, "$keys[$i]: is $key" if $key ne $keys[$i];
		push @fault, "$key: $names names" if $names != names($row[$i]);
		push @fault, "$key: eprint $eprint" if $eprint ne ($row[$i]{arxiv_id} // '');
		push @fault, "$key: title $cased" if $cased =~ s/ +/ /gr ne $title =~ s/ +/ /gr;
	}
	is(join("\n", @fault[0 .. ($#fault > 4 ? 4 : $#fault)]), '', '... every name, eprint and title, with its capitals');
}

# --- another parser (btparse, which biber stands on)
SKIP: {
	my $lacks = missing_modules('Text::BibTeX');
	skip "these are not here: $lacks", 1 if $lacks;
	my $file = Text::BibTeX::File->new($bib);
	my ($i, @fault) = (0);
	my %type = (journal => 'article', booktitle => 'inproceedings', howpublished => 'misc');
	while (my $entry = Text::BibTeX::Entry->new($file)) {
		my $row = $row[$i];
		push @fault, "$keys[$i]: cannot be parsed" unless $entry->parse_ok;
		push @fault, "$keys[$i]: is " . $entry->key if $entry->key ne $keys[$i];
		my %plain = (doi => $row->{doi}, url => $row->{url}, eprint => $row->{arxiv_id}, primaryclass => $row->{categories}[0],
			year => $row->{published_date} && substr($row->{published_date}, 0, 4), abstract => $row->{abstract});
		$plain{primaryclass} = undef unless $row->{arxiv_id};
		$plain{title} = "{$row->{title}}" if defined $row->{title};
		for my $field (sort keys %plain) {
			my $want = $plain{$field};
			# Fields with nothing to escape come back as they were.
			next if defined $want && $want =~ ($field eq 'title' ? qr/[\\\$&%#_~^]|\{.*\{|^\{?\}?$|\}./ : $field =~ /doi|url/ ? qr/[^!#-\[\]_a-z|~]/ : qr/[\\\$&%#_~^{}]|^ | $/);
			my $got = $entry->get($field);
			push @fault, "$keys[$i]: $field: " . ($got // 'nothing') if ($got // '') ne Encode::encode('UTF-8', ($want // '') =~ s/ +/ /gr);
		}
		$_ eq 'howpublished' || !$entry->exists($_) || $entry->type eq $type{$_} or push @fault, "$keys[$i]: $_ of " . $entry->type for sort keys %type;
		$i++;
	}
	is($i, scalar(@row), 'btparse sees every entry');
	is(join("\n", @fault[0 .. ($#fault > 4 ? 4 : $#fault)]), '', '... and gives their fields back');
}
done_testing;
