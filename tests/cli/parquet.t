#!/usr/bin/perl
# data.parquet: readers that are not ours (DuckDB, hyparquet, and Rust's by way of parquet-wasm) find every value of the rows that it
# was made of, whatever stands in them, and bounds and indexes that are true.
use strict;
use warnings;
use utf8;
use Encode ();
use FindBin;
use lib $FindBin::Bin;
use Fineset;
use Parquet;
use POSIX ();
use Test::More;

sub utf8 { return Encode::encode('UTF-8', $_[0]) }
sub quoted { my ($text) = @_; return defined $text ? '"' . utf8($text =~ s/([\\"])/\\$1/gr) . '"' : 'null' }
sub list { return '[' . join(', ', map { quoted($_) } @_) . ']' }

# A line of data.jsonl; the values of %more are JSON.
sub row {
	my ($number, %more) = @_;
	my %row = (id => sprintf('"%064x"', $number), sources => '["arxiv", "semantic_scholar"]', title => qq("Paper $number"), abstract => '"We study it."',
		authors => '["A. Uthor"]', categories => '["cs.CL", "cs.LG"]', fields_of_study => '["Computer Science"]', published_date => '"2026-06-18T00:00:00"',
		url => 'null', pdf_url => 'null', arxiv_id => 'null', doi => 'null', citation_count => 0, influential_citation_count => 0, has_code => 'false', code_url => 'null',
		venue => 'null', quality_score => '0.35', %more);
	return '{' . join(', ', map { qq("$_": $row{$_}) } @row_keys) . "}\n";
}

# --- what is rare, and what is hostile
my @odd = (
	['nothing that may be missing', map { $_ => 'null' } qw(title abstract published_date)],
	['empty texts', title => '""', abstract => '""'],
	['empty lists', map { $_ => '[]' } qw(authors categories fields_of_study)],
	['empty texts in a list', authors => '["", "B", ""]'],
	['the most authors that are known', authors => list(map { "Author $_" } 1 .. 3303)],
	['every plane', title => quoted("é 王 \x{1d518} \x{10fffd} \x{2028} \x{202e}abc"), authors => list('Ł. Ångström', "\x{5d0}\x{5d1}", "\x{1f600}")],
	['escapes', title => '"\u00e9\/\"\\\\ \ud83d\ude00 \u2028"', venue => '"A\u0026B"', authors => '["\u0041", "B\/C"]'],
	['what a page or a spreadsheet would run', title => quoted('<script>alert("x")</script>'), venue => quoted('=cmd|\'/C calc\'!A0')],
	['LaTeX', title => quoted('On $\mathcal{O}(n \log n)$ and \emph{more}'), abstract => quoted('50% of $x_1$ \\\\ {\bf y}')],
	['the largest numbers', citation_count => '9223372036854775807', influential_citation_count => '9007199254740993', quality_score => '1.0'],
	['the smallest score', quality_score => '0.0'],
	['the first day of all', published_date => '"0001-01-01T00:00:00"'],
	['a day before 1970', published_date => '"1969-12-31T00:00:00"'],
	['the last day', published_date => '"9999-12-31T00:00:00"'],
	['a bound cut between two bytes', title => quoted('x' x 63 . 'é' x 40)],
	['a bound that is cut', title => quoted('A' x 65)],
	['every name', url => '"https://arxiv.org/abs/2606.20543"', pdf_url => '"https://arxiv.org/pdf/2606.20543v1"', arxiv_id => '"2606.20543"', doi => '"10.1145/1.2"',
		has_code => 'true', code_url => '"https://github.com/a/b"', venue => '"ACL"'],
);
my $number = 0;
my @rows = map { my ($why, %more) = @$_; row(++$number, %more) } @odd;

for my $case (['no row', 0], ['one row', 1], ['all that is rare', scalar @rows]) {
	my ($why, $count) = @$case;
	spew("$dir/rows.jsonl", @rows[0 .. $count - 1]);
	export_parquet("$dir/rows.jsonl", "$dir/rows.parquet");
	reads("$dir/rows.parquet", "$dir/rows.jsonl", $count . ' rows, ' . ($count > 0 ? 1 : 0) . ' groups', $why);
}
{
	spew("$dir/rows.jsonl", $rows[0]);
	export_parquet("$dir/rows.jsonl", "$dir/rows.parquet");
	reads("$dir/rows.parquet", "$dir/rows.jsonl", "1 rows, 1 groups", "$odd[0][0], alone");
}

# --- several groups: 50,000 rows fill one, 64 MiB another.  Of the first no row has a venue, a third of its pages have no doi, and the
# dates fall.  Of the last no title has an upper bound of 64 bytes.
{
	open my $out, '>:raw', "$dir/many.jsonl" or die "$dir/many.jsonl: $!\n";
	for my $n (1 .. 60_000) {
		my (undef, @odd) = @{ $odd[$n % @odd] };
		my @even = (authors => list(map { "Author " . $n % (7 + $_) } 1 .. $n % 5),
		    citation_count => $n % 977, has_code => $n % 3 ? 'true' : 'false', quality_score => '0.' . (1 + $n % 9));
		my $day = POSIX::strftime('%Y-%m-%d', gmtime 1_780_000_000 - 3600 * $n);
		print $out row($n, $n % 4000 == 1 ? @odd : @even, published_date => qq("${day}T00:00:00"),
		    doi => $n > 20_000 ? qq("10.1145/$n.@{[$n % 7]}") : 'null', venue => $n <= 50_000 ? 'null' : $n % 2 ? '"ACL"' : '"NeurIPS"');
	}
	print $out row($_, abstract => '"' . "$_ of many words " x 60_000 . '"', title => quoted("\x{bf}" x 40)) for 60_001 .. 60_060;
	close $out or die "$dir/many.jsonl: $!\n";
	export_parquet("$dir/many.jsonl", "$dir/many.parquet");
	reads("$dir/many.parquet", "$dir/many.jsonl", '60060 rows, 3 groups', 'three groups');
	run('export', "$dir/many.jsonl", '--to', 'parquet', { out => "$dir/again.parquet" });
	same_bytes("$dir/many.parquet", "$dir/again.parquet", 'the same bytes again, through stdout');
	unlink "$dir/many.jsonl", "$dir/many.parquet", "$dir/again.parquet";
}

# --- in a snapshot
{
	my $server = Fineset::server();
	my $target = "$dir/set";
	mkdir $target;
	spew("$target/topic.json", '{"name": "Speculative decoding", "any": ["speculative decoding"], "outputs": ["jsonl", "parquet"]}');
	my $built = run('build', $target, '--as-of', '2026-06-19', Fineset::options_to($server->{base}));
	stop($server);
	is($built->{code}, 0, 'a build with "outputs": ["jsonl", "parquet"]') or diag($built->{err});
	is(join(' ', sort map { s{.*/}{}r } glob "$target/latest/*"), 'changes.jsonl data.jsonl data.parquet manifest.json', '... has both, and no card');
	my $count = () = lines("$target/latest/data.jsonl");
	reads("$target/latest/data.parquet", "$target/latest/data.jsonl", "$count rows, 1 groups", 'the demo');
	is(run('audit', $target)->{code}, 0, '... which audits');
	my $file = json(slurp("$target/latest/manifest.json"))->{files}{'data.parquet'};
	is($file->{bytes}, -s "$target/latest/data.parquet", '... and stands in the manifest');
	run('export', $target, '--to', 'parquet', '-o', "$dir/set.parquet");
	same_bytes("$target/latest/data.parquet", "$dir/set.parquet", '... and is what export writes');
	run('export', $target, '--to', 'card', '-o', "$dir/card.md");
	like(slurp("$dir/card.md"), qr/\n  - split: train\n    path: data\.jsonl\n/, 'the card still names data.jsonl');
}

# --- no room
SKIP: {
	skip 'there is no /dev/full here', 3 unless -c '/dev/full';
	my $full = run('export', "$dir/set", '--to', 'parquet', { out => '/dev/full' });
	is($full->{code}, 74, 'a full disk behind stdout: exit 74');
	one_line($full, qr{stdout: cannot write: }, 'a full disk behind stdout');
}
{
	spew("$dir/old.parquet", 'as it was');
	my @limited = ('sh', '-c', 'ulimit -f 8; trap "" XFSZ; exec "$0" "$@"');
	my $short = run('export', "$dir/set", '--to', 'parquet', '-o', "$dir/old.parquet", { prefix => \@limited });
	is($short->{code}, 74, 'no room for the file: exit 74');
	one_line($short, qr{\Q$dir\E/old\.parquet\.tmp: cannot write: }, 'no room for the file');
	is(slurp("$dir/old.parquet"), 'as it was', '... and the one before stands');
	ok(!-e "$dir/old.parquet.tmp", '... with nothing beside it');
	is(run('export', "$dir/set", '--to', 'parquet', '-o', "$dir/absent/x.parquet")->{code}, 73, 'a directory that is not there: exit 73');
}
done_testing;
