package Schema;

# A validator for the JSON Schemas of this repository (draft 2020-12): exactly the keywords that they use, and it dies of
# any other.  Only core modules.  For schema.t (row.schema.json) as well as for audit_explain.t (audit.schema.json):
#   print "$_\n" for Schema::faults($value, $schema);
use strict;
use warnings;
use B ();
use JSON::PP;

my $text = JSON::PP->new->canonical->allow_nonref;

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

sub is_number { return type_of($_[0]) =~ /^(?:integer|number)$/ }

# Keywords that look at a value alone: whether it is well.
my %keyword = (
	(map { ($_ => sub { 1 }) } qw($schema $defs $comment title description)),
	type => sub {
		my ($value, $wanted) = @_;
		my $type = type_of($value);
		return grep { $_ eq $type || ($_ eq 'number' && $type eq 'integer') } ref $wanted ? @$wanted : $wanted;
	},
	enum => sub { my ($value, $wanted) = @_; return grep { $text->encode($_) eq $text->encode($value) } @$wanted },
	# `$` of a schema is the end, without a newline before it.
	pattern => sub { my ($value, $wanted) = @_; return type_of($value) ne 'string' || $value =~ /${\($wanted =~ s{\$\z}{\\z}r)}/ },
	minLength => sub { my ($value, $wanted) = @_; return type_of($value) ne 'string' || length $value >= $wanted },
	minimum => sub { my ($value, $wanted) = @_; return !is_number($value) || $value >= $wanted },
	maximum => sub { my ($value, $wanted) = @_; return !is_number($value) || $value <= $wanted },
	required => sub { my ($value, $wanted) = @_; return type_of($value) ne 'object' || !grep { !exists $value->{$_} } @$wanted },
);

# Keywords that lead to other values: what is wrong with those.
my %into = (
	'$ref' => sub {
		my ($value, $rules, $place, $root) = @_;
		my ($name) = $rules->{'$ref'} =~ m{^#/\$defs/(\w+)$} or die "Schema: unknown \$ref $rules->{'$ref'}\n";
		return faults($value, $root->{'$defs'}{$name} // die("Schema: no $name in \$defs\n"), $place, $root);
	},
	items => sub {
		my ($value, $rules, $place, $root) = @_;
		return () unless type_of($value) eq 'array';
		return map { faults($value->[$_], $rules->{items}, "$place\[$_]", $root) } 0 .. $#$value;
	},
	properties => sub {
		my ($value, $rules, $place, $root) = @_;
		return () unless type_of($value) eq 'object';
		my $known = $rules->{properties};
		return map { faults($value->{$_}, $known->{$_}, "$place.$_", $root) } grep { exists $value->{$_} } sort keys %$known;
	},
	additionalProperties => sub {
		my ($value, $rules, $place) = @_;
		die "Schema: additionalProperties must be true or false\n" unless JSON::PP::is_bool($rules->{additionalProperties});
		return () if $rules->{additionalProperties} || type_of($value) ne 'object';
		return map { "$place.$_: additionalProperties" } grep { !exists $rules->{properties}{$_} } sort keys %$value;
	},
);

# faults(value, schema): what is wrong, as `$.place.in[3].it: keyword`; nothing if the value is valid.
sub faults {
	my ($value, $rules, $place, $root) = @_;
	my @faults;
	$place //= '$';
	$root //= $rules;
	for my $name (sort keys %$rules) {
		if ($into{$name}) {
			push @faults, $into{$name}->($value, $rules, $place, $root);
		} else {
			my $check = $keyword{$name} or die "Schema: unknown keyword $name\n";
			push @faults, "$place: $name" unless $check->($value, $rules->{$name});
		}
	}
	return @faults;
}

1;
