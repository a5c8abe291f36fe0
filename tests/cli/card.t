#!/usr/bin/perl
# The dataset card: its front matter through a real YAML parser, also with the worst names and licenses; formats that topic.json
# asks for stand in the snapshot.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Corpus;
use Fineset;
use JSON::PP;
use Test::More;

my $json = JSON::PP->new->utf8->canonical;
my $set = "$dir/set";
mkdir $set or die "$set: $!";
spew("$set/topic.json", $json->encode({ name => 'Drafts', any => ['speculative decoding'], license => 'CC0-1.0', outputs => [qw(jsonl card csv bibtex)] }));
my $server = server();
my $built = run('build', $set, '--as-of', '2026-06-19', Fineset::options_to($server->{base}));
stop($server);
is($built->{code}, 0, 'a snapshot in four formats');
my $manifest = json(slurp("$set/latest/manifest.json"));
is(join(' ', sort keys %{ $manifest->{files} }), 'README.md changes.jsonl data.bib data.csv data.jsonl', '... which the manifest names');
is(run('audit', $set)->{code}, 0, '... and which are as it says');
for my $case (['csv', 'data.csv'], ['bibtex', 'data.bib'], ['card', 'README.md']) {
	my ($format, $file) = @$case;
	my $export = run('export', $set, '--to', $format);
	ok($export->{code} == 0 && $export->{out} eq slurp("$set/latest/$file"), "export --to $format gives the same bytes");
}

# --- the body
my $card = slurp("$set/latest/README.md");
like($card, qr/^- Published: \S+ to \S+\n.*^- Merged from \d+ source records/ms, 'what the rows and the sources tell');
spew("$dir/bare.jsonl", slurp("$set/latest/data.jsonl"));
my $bare = run('export', "$dir/bare.jsonl", '--to', 'card');
ok($bare->{code} == 0 && $bare->{out} =~ /^- Published: /m && $bare->{out} !~ /Merged from|sources ended/, '... of a file without a manifest: of its rows alone');
spew("$dir/bare.jsonl", '');
$bare = run('export', "$dir/bare.jsonl", '--to', 'card');
unlike($bare->{out}, qr/^- Published/m, '... of no rows: no dates');
like($card, qr/^## Scores\n\n```\n(?:\d\.\d\d-\d\.\d\d +\d+(?: \xe2[\x96\x88\xe2]+)?\n){20}```\n\n\d+ of 90 records share their score/m, 'a bar for each twentieth, and the ties');
my $in_bars = 0;
$in_bars += $1 while $card =~ /^\d\.\d\d-\d\.\d\d +(\d+)/mg;
is($in_bars, 90, '... every record is in a bar');
my %tie;
$tie{ $_->{quality_score} + 0 }++ for rows("$set/latest/data.jsonl");
my ($largest) = sort { $tie{$b} <=> $tie{$a} || $a <=> $b } keys %tie;
like($card, qr/^\| score \| records \|\n\| --- \| --- \|\n\| \Q$largest\E \| $tie{$largest} \|$/m, 'the largest tie comes first');
like($card, qr/^License of this dataset, as whoever made it tells: CC0\\-1\\\.0\.$/m, 'the license is told');

SKIP: {
	my $missing = missing_modules('YAML::XS');
	skip "these are not here: $missing", 1 if $missing;
	# The front matter, and what is behind it.
	my $parsed = sub { my ($front, $body) = $_[0] =~ /\A---\n(.*?)^---\n(.*)\z/ms; return (eval { YAML::XS::Load($front) } // {}, $body) };
	my ($front) = $parsed->($card);
	is(join(' ', sort keys %$front), 'configs dataset_info language license pretty_name size_categories tags', 'YAML: the keys');
	is_deeply($front->{configs}, [{ config_name => 'default', default => 1, data_files => [{ split => 'train', path => 'data.jsonl' }] }], '... configs');
	is("@$front{qw(pretty_name license)} @{ $front->{size_categories} }", 'Drafts cc0-1.0 n<1K', '... name, license and size');
	my %dtype = (published_date => 'timestamp[s]', citation_count => 'int64', influential_citation_count => 'int64', has_code => 'bool', quality_score => 'float64');
	my %list = map { $_ => 1 } qw(sources authors categories fields_of_study);
	is_deeply($front->{dataset_info}{features}, [map { $list{$_} ? { name => $_, list => 'string' } : { name => $_, dtype => $dtype{$_} // 'string' } } @row_keys], '... features of all columns');

	# A manifest from anywhere, with a name and a license that would like to be something else.
	my $alone = "$dir/alone";
	mkdir $alone or die "$alone: $!";
	spew("$alone/data.jsonl", slurp("$set/latest/data.jsonl"));
	for my $text ('"', '\\', "'", '---', "a\n---\nlicense: mit\n---\nb", 'a: b', '# x', '- x', '{x}', '[x', '*x', '&x', '!x', '%x', '@x', '`x', 'no', '2026-06-19', '',
		' x ', "\x{1f600}", "a\x{2028}b", "a\x{85}b", "a\x{202e}b", "\x{feff}x", "\x{e0041}", "\t", 'a # b', '| x', '> x', '<script>alert(1)</script>') {
		my %edited = (%$manifest, name => $text, license => $text);
		spew("$alone/manifest.json", $json->encode(\%edited));
		my $name = JSON::PP->new->ascii->allow_nonref->encode($text);
		my $export = run('export', $alone, '--to', 'card');
		my ($got, $body) = $parsed->($export->{out});
		is($export->{code}, 0, "$name: a card");
		is($got->{pretty_name}, $text, '... with that name');
		is($got->{license}, 'other', '... and no license of the Hub');
		like($got->{license_name} // 'x', qr/^[a-z0-9.-]+$/, '... but a name for it, or none');
		like($body // '', qr/\A\n# [^\n]*\n\n90 research papers/, '... a heading of one line');
		unlike($body // '', qr/^---$|^license:|(?<!\\)<script/m, '... and a body in which it is inert');
	}
}
done_testing;
