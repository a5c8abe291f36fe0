#!/usr/bin/perl
# Every row that fineset writes, and every published one, is valid by row.schema.json.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use B ();
use Fineset;
use JSON::PP;
use Test::More;

my $schema = json(slurp('pipeline/model/row.schema.json'));

# What kind of JSON value this is: JSON::PP keeps strings and numbers apart by their flags.
sub type_of {
	my ($value) = @_;
	return 'null' unless defined $value;
	return 'boolean' if JSON::PP::is_bool($value);
	return { ARRAY => 'array', HASH => 'object' }->{ ref $value } if ref $value;
	my $flags = B::svref_2object(\$value)->FLAGS;
	return 'string' if $flags & B::SVf_POK;
	return $flags & B::SVf_IOK || $value == int $value ? 'integer' : 'number';
}

sub text_of {
	my ($value) = @_;
	return JSON::PP->new->canonical->allow_nonref->encode($value);
}

# The keywords that the schema uses: each tells whether a value is well.  Annotations say nothing of values.
my %keyword;
my @annotations = qw($schema $comment title description);
%keyword = (
	(map { ($_ => sub { 1 }) } @annotations),
	type => sub {
		my ($value, $wanted) = @_;
		my $type = type_of($value);
		return grep { $_ eq $type || ($_ eq 'number' && $type eq 'integer') } ref $wanted ? @$wanted : $wanted;
	},
	enum => sub { my ($value, $wanted) = @_; return grep { text_of($_) eq text_of($value) } @$wanted },
	pattern => sub { my ($value, $wanted) = @_; return type_of($value) ne 'string' || $value =~ /${\($wanted =~ s{\$\z}{\\z}r)}/ },
	minLength => sub { my ($value, $wanted) = @_; return type_of($value) ne 'string' || length $value >= $wanted },
	minimum => sub { my ($value, $wanted) = @_; return type_of($value) !~ /^(?:integer|number)$/ || $value >= $wanted },
	maximum => sub { my ($value, $wanted) = @_; return type_of($value) !~ /^(?:integer|number)$/ || $value <= $wanted },
	items => sub {
		my ($value, $wanted) = @_;
		return type_of($value) ne 'array' || !grep { faults($_, $wanted, '') } @$value;
	},
	required => sub {
		my ($value, $wanted) = @_;
		return type_of($value) ne 'object' || !grep { !exists $value->{$_} } @$wanted;
	},
	# Told with the name of the property, by faults().
	properties => sub { 1 },
	additionalProperties => sub {
		my ($value, $wanted) = @_;
		die "additionalProperties: only true is understood\n" unless $wanted;
		return 1;
	},
);

# What is wrong with a value, as `place: keyword`.
sub faults {
	my ($value, $rules, $place) = @_;
	my @faults;
	for my $name (sort keys %$rules) {
		my $check = $keyword{$name} or die "row.schema.json: unknown keyword $name\n";
		push @faults, "$place: $name" unless $check->($value, $rules->{$name});
	}
	for my $name (sort keys %{ $rules->{properties} // {} }) {
		push @faults, faults($value->{$name}, $rules->{properties}{$name}, $name) if ref $value eq 'HASH' && exists $value->{$name};
	}
	return @faults;
}

sub invalid_rows {
	my ($path) = @_;
	my $number = 0;
	return map { $number++; my $line = $number; map { "line $line: $_" } faults($_, $schema, 'row') } rows($path);
}

# --- the validator itself
is($schema->{'$schema'}, 'https://json-schema.org/draft/2020-12/schema', 'the schema says which draft it is written in');
is(join(' ', @{ $schema->{required} }), "@row_keys", 'every key is required, in the order of a row');
is(join(' ', sort keys %{ $schema->{properties} }), join(' ', sort @row_keys), 'every key is described');
ok(!eval { faults(1, { format => 'x' }, 'row'); 1 }, 'a keyword that the validator does not know fails');
is(join(', ', map { type_of($_) } @{ json('[null, true, "1", 1, 1.5, [], {}]') }), 'null, boolean, string, integer, number, array, object', 'types');

# --- the rows of the demo
my $server = server();
is(build("$dir/demo", $server->{base})->{code}, 0, 'the demo world is built');
stop($server);
my $data = "$dir/demo/latest/data.jsonl";
my @rows = rows($data);
cmp_ok(scalar(@rows), '>', 80, scalar(@rows) . ' rows');
is(join("\n", invalid_rows($data)), '', 'each is valid');
is(join("\n", grep { !/^\{${\ join '.*', map { qq{"$_": } } @row_keys }/ } lines($data)), '', 'each has its keys in the order of the schema');

# A field at a time, turned into what it must not be.
for my $case (
	['id', 'x'], ['sources', []], ['title', 1], ['abstract', []], ['authors', 'A'], ['categories', [undef]], ['fields_of_study', undef],
	['published_date', '2026-06-19'], ['url', ''], ['pdf_url', ''], ['arxiv_id', '2606.20543v1'], ['doi', "10.1/x\n"],
	['citation_count', -1], ['influential_citation_count', '1'], ['has_code', 1], ['code_url', ''], ['venue', ''], ['quality_score', 1.5],
) {
	my ($field, $value) = @$case;
	my @faults = faults({ %{ $rows[0] }, $field => $value }, $schema, 'row');
	like("@faults", qr/^$field: \w+$/, "$field: " . text_of($value) . ' is not valid');
	my %without = %{ $rows[0] };
	delete $without{$field};
	is(join(' ', faults(\%without, $schema, 'row')), 'row: required', "$field: must be there");
}
is(join(' ', faults({ %{ $rows[0] }, more => 1 }, $schema, 'row')), '', 'keys that a row does not have are allowed');

# --- the published rows
SKIP: {
	my $file = shared('fineset/rows.jsonl');
	skip 'the published rows are not here (fineset/rows.jsonl of the shared directory)', 1 unless $file;
	my @published = rows($file);
	is(scalar(@published) . ' ' . join("\n", invalid_rows($file)), '65 ', '65 published rows are valid');
}
done_testing;
