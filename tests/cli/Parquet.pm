package Parquet;

# Readers of Parquet that are not ours, from npm: DuckDB, hyparquet, and Rust's by way of parquet-wasm.
#   reads($parquet, $jsonl, '95 rows, 1 groups', 'the demo');
use strict;
use warnings;
use Exporter qw(import);
use Fineset;
use FindBin;
use Test::More;

our @EXPORT = qw(reads export_parquet);

my %readers = (duckdb => '@duckdb/node-api@1.5.6-r.1', hyparquet => 'hyparquet@1.33.0', wasm => 'parquet-wasm@0.8.0');
my $modules = npm_modules('parquet', sort(values %readers), 'hyparquet-compressors@1.1.2', 'apache-arrow@21.2.0');

# Each reader finds the values of the JSONL in the Parquet file; $shape tells how many rows and groups there are.
sub reads {
	my ($parquet, $jsonl, $shape, $why) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	SKIP: {
		skip "$why: the readers are not here", scalar keys %readers unless $modules;
		skip "$why: a sanitized program writes the same file, which is read without it", scalar keys %readers if $ENV{SAN};
		for my $reader (sort keys %readers) {
			my $run = Fineset::finish(start([], command => ['node', "$FindBin::Bin/parquet.mjs", $modules, $reader, $parquet, $jsonl]));
			my $want = $reader eq 'wasm' ? $shape =~ s/,.*//r : $shape;
			like($run->{out}, qr/\A$want(?:, \d+ pages)?, 0 differences\n\z/, "$why: $reader finds every value") or diag($run->{err});
		}
	}
}

sub export_parquet {
	my ($from, $parquet) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $run = run('export', $from, '--to', 'parquet', '-o', $parquet);
	is_deeply([@$run{qw(code out err)}], [0, '', ''], 'export of ' . $from =~ s{.*/}{}r);
}

1;
