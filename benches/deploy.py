#!/usr/bin/env python3
"""`heartnet deploy` beside rclone sync, lftp mirror and hugo deploy, on the same servers of this machine, in turns.

    python3 benches/deploy.py HEARTNET [--files 2000] [--runs 3] [--only s3,sftp]

Needs rclone, lftp, hugo (those that are missing are left out), sshd, vsftpd, rsync. Prints seconds, minimum and
median: everything for the first time, nothing changed, one page changed.
"""
import argparse, os, shutil, signal, socket, statistics, subprocess, sys, tempfile, time
from pathlib import Path

ask = argparse.ArgumentParser()
ask.add_argument("heartnet", type=Path)
ask.add_argument("--files", type=int, default=2000)
ask.add_argument("--bytes", type=int, default=10_000)
ask.add_argument("--runs", type=int, default=3)
ask.add_argument("--only", default="")
given = ask.parse_args()
room = Path(tempfile.mkdtemp(prefix="hn-deploy-"))
room.chmod(0o755)
os.environ["HEARTNET_CACHE"] = str(room / "cache")
os.environ.update(AWS_ACCESS_KEY_ID="AKID", AWS_SECRET_ACCESS_KEY="SECRETKEY", AWS_REGION="us-east-1", HEARTNET_HOST_PASSWORD="pw")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def quiet(*words, **more):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
    if done.returncode:
        sys.exit(f"{words}: {done.stdout.decode(errors='replace')}")
    return done.stdout.decode()


def has(name):
    return shutil.which(name) is not None


site = room / "site"
quiet(given.heartnet.resolve(), "init", site)
settings = (site / "heartnet.yaml").read_text()
quiet(given.heartnet.resolve(), "build", "--root", site, "--as-of", "2026-04-01")
public = site / "public"
for number in range(given.files):
    page = public / "bulk" / str(number % 40) / f"{number}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_bytes((f"<p>{number} " * given.bytes).encode()[: given.bytes])
shutil.copytree(public, room / "plain", ignore=shutil.ignore_patterns(".heartnet"))
plain = room / "plain"


class Server:
    def __init__(self, words, port):
        self.process = subprocess.Popen([str(w) for w in words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        for _ in range(400):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except OSError:
                time.sleep(0.02)
        sys.exit(f"{words[0]} does not answer")

    def stop(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def rclone_server(kind, *more):
    def start(root, port):
        return Server(["rclone", "serve", kind, "--config", "/dev/null", "--addr", f"127.0.0.1:{port}", *more, root], port)
    return start


def ssh_server(root, port):
    for name in ("host", "key"):
        if not (room / name).exists():
            quiet("ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", room / name)
    shutil.copy(room / "key.pub", room / "authorized")
    os.makedirs("/run/sshd", exist_ok=True)
    (room / "sshd").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {room}/host\nAuthorizedKeysFile {room}/authorized\nPidFile none\n"
        "UsePAM no\nStrictModes no\nPermitRootLogin yes\nMaxStartups 100\nLogLevel ERROR\nSubsystem sftp internal-sftp\n")
    return Server([shutil.which("sshd") or "/usr/sbin/sshd", "-D", "-e", "-f", room / "sshd"], port)


def rsync_server(root, port):
    (room / "rsyncd").write_text(f"use chroot = no\nuid = root\ngid = root\n[site]\npath = {root}/site\nread only = no\n")
    return Server(["rsync", "--daemon", "--no-detach", "--address=127.0.0.1", f"--port={port}", f"--config={room}/rsyncd", "--log-file=/dev/null"], port)


def ours(target):
    (site / "heartnet.yaml").write_text(f"{settings}\ndeploy:\n  host: {target}\n")
    quiet(given.heartnet.resolve(), "build", "--root", site, "--as-of", "2026-04-01")
    return [given.heartnet.resolve(), "deploy", "--root", site, "--yes"]


def rclone_sync(remote):
    return ["rclone", "sync", "--config", "/dev/null", "--transfers", "8", "--checkers", "8", plain, remote]


def lftp(url, user):
    # By size and time, as mirror does; the key and the host's name for sftp.
    connect = f"set sftp:connect-program 'ssh -a -x -F none -i {room}/key -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no'; set ftp:ssl-allow no; open -u {user} {url}"
    return ["lftp", "-c", f"{connect}; mirror -R --parallel=4 {plain} site"]


def hugo(port):
    at = room / "hugo"
    at.mkdir(exist_ok=True)
    (at / "config.toml").write_text(
        f'baseURL="http://localhost/"\n[deployment]\n[[deployment.targets]]\nname="s3"\nURL="s3://site?endpoint=http://127.0.0.1:{port}&region=us-east-1&s3ForcePathStyle=true&disableSSL=true"\n')
    link = at / "public"
    link.exists() or link.symlink_to(plain)
    return ["hugo", "deploy", "--source", at, "--maxDeletes", "-1"]


obscured = quiet("rclone", "obscure", "pw").strip() if has("rclone") else ""
user = quiet("id", "-un").strip()


def pin():
    return quiet("ssh-keygen", "-l", "-f", room / "host.pub").split()[1]


HOSTS = {
    "s3": (rclone_server("s3", "--auth-key", "AKID,SECRETKEY"), lambda port, root: {
        "heartnet": ours(f'{{kind: s3, endpoint: "http://127.0.0.1:{port}", bucket: site, region: us-east-1}}'),
        "rclone": rclone_sync(f":s3,provider=Other,endpoint='http://127.0.0.1:{port}',access_key_id=AKID,secret_access_key=SECRETKEY,region=us-east-1,force_path_style=true:site"),
        "hugo": hugo(port)}),
    "webdav": (rclone_server("webdav", "--user", "u", "--pass", "pw"), lambda port, root: {
        "heartnet": ours(f'{{kind: webdav, url: "http://127.0.0.1:{port}/site/", user: u}}'),
        "rclone": rclone_sync(f":webdav,url='http://127.0.0.1:{port}/site/',vendor=other,user=u,pass='{obscured}',pacer_min_sleep=0s:")}),
    "ftp": (rclone_server("ftp", "--user", "u", "--pass", "pw"), lambda port, root: {
        "heartnet": ours(f"{{kind: ftp, host: 127.0.0.1, port: {port}, user: u, path: site, allow_plaintext: true}}"),
        "rclone": rclone_sync(f":ftp,host=127.0.0.1,port={port},user=u,pass='{obscured}':site"),
        "lftp": lftp(f"ftp://127.0.0.1:{port}", "u,pw")}),
    "sftp": (ssh_server, lambda port, root: {
        "heartnet": ours(f'{{kind: sftp, host: 127.0.0.1, port: {port}, user: {user}, path: {root}/site, host_key: "{pin()}", key: {room}/key}}'),
        "rclone": rclone_sync(f":sftp,host=127.0.0.1,port={port},user={user},key_file={room}/key,shell_type=none:{root}/site"),
        "lftp": lftp(f"sftp://127.0.0.1:{port}{root}", f"{user},")}),
    "rsync": (rsync_server, lambda port, root: {
        "heartnet": ours(f'{{kind: rsync, to: "rsync://127.0.0.1:{port}/site"}}'),
        "rsync": ["rsync", "-a", "--delete", f"{plain}/", f"rsync://127.0.0.1:{port}/site/"]}),
}

print(f"{given.files} files of {given.bytes} bytes and {sum(1 for p in plain.rglob('*') if p.is_file()) - given.files} of a small site; seconds, minimum (median) of {given.runs}")
for name, (start, tools) in HOSTS.items():
    if given.only and name not in given.only.split(","):
        continue
    times = {}
    for run in range(given.runs):
        for tool in ("heartnet", "rclone", "lftp", "hugo", "rsync"):
            root = room / "root"
            shutil.rmtree(root, ignore_errors=True)
            (root / "site").mkdir(parents=True)
            port = free_port()
            server = start(root, port)
            words = tools(port, root).get(tool)
            if words and (tool == "heartnet" or has(tool)):
                for step in ("first", "same", "one"):
                    if step == "one":
                        for folder in (public, plain):
                            (folder / "bulk/7/7.html").write_bytes(f"<p>{run} {tool}{time.time()}".encode() + b"x" * given.bytes)
                    begun = time.monotonic()
                    quiet(*words)
                    times.setdefault((tool, step), []).append(time.monotonic() - begun)
                there = sum(1 for path in (root / "site").rglob("*") if path.is_file() and ".heartnet" not in path.parts)
                wanted = sum(1 for path in plain.rglob("*") if path.is_file())
                if there < wanted:
                    print(f"  {name}: {tool} has put {there} of {wanted}")
            server.stop()
    for tool in dict.fromkeys(tool for tool, _ in times):
        cells = [f"{step} {min(times[tool, step]):6.2f} ({statistics.median(times[tool, step]):6.2f})" for step in ("first", "same", "one")]
        print(f"{name:7} {tool:9} {'  '.join(cells)}", flush=True)
shutil.rmtree(room, ignore_errors=True)
