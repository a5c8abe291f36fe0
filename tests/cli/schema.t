#!/usr/bin/perl
# Every row that fineset writes, and every published one, is valid by row.schema.json.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use JSON::PP;
use Schema;
use Test::More;

my $schema = json(slurp('pipeline/model/row.schema.json'));

sub text_of {
	my ($value) = @_;
	return JSON::PP->new->canonical->allow_nonref->encode($value);
}

sub invalid_rows {
	my ($path) = @_;
	my $number = 0;
	return map { $number++; my $line = $number; map { "line $line: $_" } Schema::faults($_, $schema) } rows($path);
}

# --- the validator itself
is($schema->{'$schema'}, 'https://json-schema.org/draft/2020-12/schema', 'the schema says which draft it is written in');
is(join(' ', @{ $schema->{required} }), "@row_keys", 'every key is required, in the order of a row');
is(join(' ', sort keys %{ $schema->{properties} }), join(' ', sort @row_keys), 'every key is described');
ok(!eval { Schema::faults(1, { format => 'x' }); 1 }, 'a keyword that the validator does not know fails');
is(join(', ', map { Schema::type_of($_) } @{ json('[null, true, "1", 1, 1.5, [], {}]') }), 'null, boolean, string, integer, number, array, object', 'types');

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
	my @faults = Schema::faults({ %{ $rows[0] }, $field => $value }, $schema);
	like("@faults", qr/^\$\.$field(?:\[0\])?: \w+$/, "$field: " . text_of($value) . ' is not valid');
	my %without = %{ $rows[0] };
	delete $without{$field};
	is(join(' ', Schema::faults(\%without, $schema)), '$: required', "$field: must be there");
}
is(join(' ', Schema::faults({ %{ $rows[0] }, more => 1 }, $schema)), '', 'keys that a row does not have are allowed');

# --- the published rows
SKIP: {
	my $file = shared('fineset/rows.jsonl');
	skip 'the published rows are not here (fineset/rows.jsonl of the shared directory)', 1 unless $file;
	my @published = rows($file);
	is(scalar(@published) . ' ' . join("\n", invalid_rows($file)), '65 ', '65 published rows are valid');
}
done_testing;
