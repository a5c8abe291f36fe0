package Hub;

# A Hugging Face Hub of one process on loopback, for the tests of push: as much of the commit API as push uses, every repository with a head,
# a store for LFS behind it that refuses a token, and faults on demand.  Only core modules.
use strict;
use warnings;
use Digest::SHA qw(sha1_hex sha256_hex);
use Exporter qw(import);
use Fineset;
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64 qw(decode_base64);
use POSIX ();

our @EXPORT = qw($token hub stop_hub);
our $token = 'hf_ThisIsNoTokenButATest01';

my $json = JSON::PP->new->utf8->canonical;
my (%running, $count);
END {
	my $status = $?;
	stop_hub({ pid => $_ }) for keys %running;
	$? = $status;
}

# hub(lfs => bytes from which a file is for LFS, parts => bytes of a part): a handle with base, and the methods below.
sub hub {
	my (%how) = @_;
	my $listener = IO::Socket::INET->new(Listen => 8, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die "listen: $!\n";
	# A port is given out again, so files are not called after it.
	my $self = bless { base => 'http://127.0.0.1:' . $listener->sockport, path => "$dir/hub." . ++$count }, 'Hub';
	$self->{pid} = fork // die "fork: $!\n";
	if ($self->{pid} == 0) {
		alarm Fineset::slowly(900);
		$SIG{$_} = 'DEFAULT' for qw(ALRM INT TERM);
		$SIG{PIPE} = 'IGNORE';
		%running = ();
		eval { serve({ %$self, lfs_from => $how{lfs} // 4000, part => $how{parts} // 0, repos => {}, store => {}, parts => {} }, $listener) };
		print STDERR $@;
		POSIX::_exit(1);
	}
	$running{ $self->{pid} } = 1;
	return $self;
}

sub stop_hub {
	my ($self) = @_;
	kill 'KILL', $self->{pid};
	waitpid $self->{pid}, 0;
	delete $running{ $self->{pid} };
}

# faults({at => regex for `METHOD PATH`, times => 1, status, headers, body, cut, after, etag, parts}...): from now on, of the first that fits.
# `after`: what was asked for is done; `cut`: no answer; `etag`: none; `parts`: so many more.
sub faults {
	my ($self, @faults) = @_;
	spew("$self->{path}.faults", $json->encode(\@faults));
}

# The requests since the last call: {method, path, headers, len, body (of small ones)}.
sub asked {
	my ($self) = @_;
	return requests($self->{heard} //= { log => "$self->{path}.log" });
}

# {private, commits => [{oid, summary}...], files => {name => {lfs, sha256, bytes}}} of a repository, or undef.
sub repo {
	my ($self, $name) = @_;
	return undef unless -e "$self->{path}.state";
	return json(slurp("$self->{path}.state"))->{$name};
}

# --- The server.

sub serve {
	my ($hub, $listener) = @_;
	my $select = IO::Select->new($listener);
	my %pending;
	while (1) {
		for my $socket ($select->can_read) {
			if ($socket == $listener) {
				$select->add(my $client = $listener->accept);
				$pending{$client} = '';
				next;
			}
			my $got = sysread $socket, $pending{$socket}, 1 << 16, length $pending{$socket};
			my $stays = $got;
			while ($stays && $pending{$socket} =~ /\A(\S+) (\S+) HTTP\/1\.1\r\n(.*?)\r\n\r\n/s) {
				my ($method, $path, $start, %headers) = ($1, $2, $+[0]);
				%headers = map { /^([^:]+): *(.*)$/ ? (lc $1 => $2) : () } split /\r\n/, $3;
				my $len = $headers{'content-length'} // 0;
				last if length($pending{$socket}) < $start + $len;
				my $body = substr $pending{$socket}, $start, $len;
				substr($pending{$socket}, 0, $start + $len) = '';
				$stays = reply($hub, $socket, $method, $path, \%headers, $body);
			}
			next if $stays;
			$select->remove($socket);
			delete $pending{$socket};
			close $socket;
		}
	}
}

sub find_fault {
	my ($hub, $asked) = @_;
	my $file = "$hub->{path}.faults";
	return undef unless -e $file;
	my $faults = $json->decode(slurp($file));
	for my $fault (@$faults) {
		next unless $asked =~ /$fault->{at}/ && ($fault->{times} //= 1) > 0;
		$fault->{times}--;
		spew($file, $json->encode($faults));
		return $fault;
	}
	return undef;
}

sub reply {
	my ($hub, $socket, $method, $path, $headers, $body) = @_;
	open my $log, '>>:raw', "$hub->{path}.log" or die "log: $!\n";
	print $log $json->encode({ method => $method, path => $path, headers => $headers, len => length $body,
		body => length $body < 20000 ? "$body" : '' }), "\n";
	close $log;
	my $fault = find_fault($hub, "$method $path") // {};
	my $strikes = $fault->{status} || $fault->{cut};
	my ($status, $answer, %more) = $strikes && !$fault->{after} ? (0) : answer($hub, $method, $path, $headers, $body, $fault);
	spew("$hub->{path}.state.new", $json->encode({ map { $_ => state($hub->{repos}{$_}) } keys %{ $hub->{repos} } }));
	rename "$hub->{path}.state.new", "$hub->{path}.state";
	return 0 if $fault->{cut};
	my $text = ref $answer ? $json->encode($answer) : $answer // '';
	($status, $text, %more) = ($fault->{status}, $fault->{body} // '{"error":"a fault"}', %{ $fault->{headers} // {} }) if $strikes;
	print $socket "HTTP/1.1 $status X\r\nContent-Length: ", length $text, "\r\n", (map { "$_: $more{$_}\r\n" } sort keys %more), "\r\n", $text;
	$socket->flush;
	return 1;
}

sub state {
	my ($repo) = @_;
	my $files = $repo->{files};
	return { private => $repo->{private}, commits => $repo->{commits}, files => { map {
		$_ => { lfs => $files->{$_}{lfs}, bytes => length $files->{$_}{text}, sha256 => sha256_hex($files->{$_}{text}) }
	} keys %$files } };
}

sub answer {
	my ($hub, $method, $path, $headers, $body, $fault) = @_;
	my $auth = $headers->{authorization} // '';
	return store($hub, $method, $1, $body, $fault, $auth) if $path =~ m{\A/store/(.*)\z};
	return (401, { error => 'Invalid credentials in Authorization header' }) if $auth ne "Bearer $token";
	return create($hub, $json->decode($body)) if "$method $path" eq 'POST /api/repos/create';
	return verify($hub, $json->decode($body)) if "$method $path" eq 'POST /verify';
	my ($kind, $name, $revision);
	($name, $kind, $revision) = ($1, $2, $3) if $path =~ m{\A/api/datasets/([^/]+/[^/]+)/(revision|preupload|commit)/([^/]+)\z};
	($name, $kind) = ($1, 'batch') if $path =~ m{\A/datasets/([^/]+/[^/]+)\.git/info/lfs/objects/batch\z};
	return (404, { error => 'no such route' }) unless defined $name;
	my $repo = $hub->{repos}{$name}
	    or return (404, { error => 'Repository not found' }, 'X-Error-Code' => 'RepoNotFound', 'X-Request-Id' => 'R-1');
	return (404, { error => 'Invalid rev id' }, 'X-Error-Code' => 'RevisionNotFound')
	    if defined $revision && $revision !~ /\A(main|refs%2Fpr%2F1)\z/;
	return (200, { sha => $repo->{commits}[-1]{oid}, private => $repo->{private} }) if $kind eq 'revision';
	return preupload($hub, $repo, $json->decode($body)) if $kind eq 'preupload';
	return batch($hub, $json->decode($body), $fault) if $kind eq 'batch';
	return commit($hub, $repo, $body);
}

sub create {
	my ($hub, $wanted) = @_;
	my $name = "$wanted->{organization}/$wanted->{name}";
	return (400, { error => 'not a dataset' }) if $wanted->{type} ne 'dataset';
	return (409, { error => 'You already created this dataset repo' }) if $hub->{repos}{$name};
	$hub->{repos}{$name} = { private => ($wanted->{visibility} // 'public') eq 'private' ? JSON::PP::true : JSON::PP::false,
		files => {}, commits => [{ oid => sha1_hex($name), summary => 'initial commit' }] };
	return (200, { url => "$hub->{base}/datasets/$name" });
}

sub preupload {
	my ($hub, $repo, $asked) = @_;
	return (200, { files => [map {
		my $file = $repo->{files}{ $_->{path} };
		my $text = $file ? $file->{text} : '';
		{ path => $_->{path}, shouldIgnore => JSON::PP::false, uploadMode => $_->{size} >= $hub->{lfs_from} ? 'lfs' : 'regular',
			oid => !$file ? undef : $file->{lfs} ? sha256_hex($text) : sha1_hex('blob ' . length($text) . "\0$text") };
	} @{ $asked->{files} }] });
}

sub batch {
	my ($hub, $asked, $fault) = @_;
	return (200, { transfer => 'multipart', objects => [map { {
		%$_, $hub->{store}{ $_->{oid} } ? () : (actions => { upload => addresses($hub, $_, $fault),
			# As the Hub has it wherever it runs.
			verify => { href => 'https://huggingface.co/verify' } })
	} } @{ $asked->{objects} }] });
}

sub addresses {
	my ($hub, $object, $fault) = @_;
	my ($part, $href) = ($hub->{part}, "$hub->{base}/store/$object->{oid}");
	return { href => "$href?signed" } unless $part && $object->{size} > $part;
	my $parts = POSIX::ceil($object->{size} / $part) + ($fault->{parts} // 0);
	return { href => "$href?signed", header => { chunk_size => "$part", map { sprintf('%05d', $_) => "$href/$_?signed" } 1 .. $parts } };
}

sub store {
	my ($hub, $method, $what, $body, $fault, $auth) = @_;
	return (400, 'Only one auth mechanism allowed') if $auth ne '';
	my ($oid, $part) = $what =~ m{\A([0-9a-f]{64})(?:/(\d+))?\?signed\z} or return (403, 'no signature');
	if ($method eq 'PUT' && $part) {
		$hub->{parts}{$oid}{$part} = $body;
		return (200, '', $fault->{etag} ? () : (ETag => '"' . sha1_hex($body) . '"'));
	}
	if ($method eq 'POST') {
		$body = join '', map {
			my $text = $hub->{parts}{$oid}{ $_->{partNumber} };
			return (400, 'wrong ETag') if $_->{etag} ne '"' . sha1_hex($text) . '"';
			$text;
		} @{ $json->decode($body)->{parts} };
	}
	return (400, 'other bytes') if sha256_hex($body) ne $oid;
	$hub->{store}{$oid} = $body;
	return (200, '{}');
}

sub verify {
	my ($hub, $asked) = @_;
	my $text = $hub->{store}{ $asked->{oid} };
	return defined $text && length $text == $asked->{size} ? (200, {}) : (404, { error => 'not here' });
}

sub commit {
	my ($hub, $repo, $body) = @_;
	my ($header, @operations) = map { $json->decode($_) } split /\n/, $body;
	return (412, { error => 'The branch was updated since you opened this page. Please refresh and try again.' })
	    if defined $header->{value}{parentCommit} && $header->{value}{parentCommit} ne $repo->{commits}[-1]{oid};
	my %new;
	for my $operation (@operations) {
		my $value = $operation->{value};
		my $lfs = $operation->{key} eq 'lfsFile';
		my $text = $lfs ? $hub->{store}{ $value->{oid} } : decode_base64($value->{content});
		return (400, { error => "$value->{path} is not in LFS" }) unless defined $text;
		$new{ $value->{path} } = { lfs => $lfs ? 1 : 0, text => $text };
	}
	$repo->{files}{$_} = $new{$_} for keys %new;
	my $oid = sha1_hex($body);
	push @{ $repo->{commits} }, { oid => $oid, summary => $header->{value}{summary} };
	return (200, { success => JSON::PP::true, commitOid => $oid, commitUrl => "$hub->{base}/commit/$oid" });
}

1;
