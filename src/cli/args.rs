//! The table of commands, with help in two languages.

use super::Status;
use super::output::Terminal;
use super::say;
use crate::deploy::Limit;
use crate::diagnostic::{Lang, meant};
use crate::model::{Day, Geo, Kind, parse_fiscal_year};
use clap::builder::PossibleValuesParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::ffi::OsString;
use std::path::PathBuf;

/// `--lang`, else what the environment says, else Japanese.
pub(super) fn language(arguments: &[OsString], environment: impl Fn(&str) -> Option<String>) -> Lang {
    let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
    let after = words.iter().position(|word| word == "--lang").and_then(|at| words.get(at + 1)).map(AsRef::as_ref);
    let joined = words.iter().find_map(|word| word.strip_prefix("--lang="));
    match after.or(joined) {
        Some("en") => return Lang::En,
        Some(_) => return Lang::Ja,
        None => {}
    }
    let set =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| environment(name).filter(|v| !v.is_empty()));
    if set.is_some_and(|value| value.starts_with("en")) { Lang::En } else { Lang::Ja }
}

/// For people, or for programs.
fn text_or_json(help: &'static str) -> Arg {
    Arg::new("format")
        .long("format")
        .value_name("text|json")
        .value_parser(PossibleValuesParser::new(["text", "json"]))
        .hide_possible_values(true)
        .help(help)
}

/// A number from 1 on.
fn number(lang: Lang, last: u16) -> impl Fn(&str) -> Result<u16, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.parse::<i64>().map_err(|error| say(lang, "数を書きます。".to_owned(), error.to_string()))?;
        u16::try_from(number).ok().filter(|number| (1..=last).contains(number)).ok_or_else(|| {
            say(lang, format!("1 から {last} までの数を書きます。"), format!("{number} is not in 1..={last}"))
        })
    }
}

/// `heartnet help build` is what others understand as `heartnet build --help`.
pub(super) fn asked_for_help(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_some_and(|word| word == "help") {
        arguments.remove(1);
        arguments.push("--help".into());
    }
    arguments
}

/// All commands.
pub(super) fn command(lang: Lang) -> Command {
    let t = move |ja: &'static str, en: &'static str| match lang {
        Lang::Ja => ja,
        Lang::En => en,
    };
    let base = |name: &'static str, about: &'static str| {
        Command::new(name)
            .about(about)
            .disable_help_flag(true)
            .disable_version_flag(true)
            .disable_help_subcommand(true)
            .help_template(t("{about}\n\n使い方: {usage}\n\n{all-args}", "{about}\n\nUsage: {usage}\n\n{all-args}"))
            .next_help_heading(t("指定", "Options"))
            .arg(
                Arg::new("help")
                    .short('h')
                    .long("help")
                    .action(ArgAction::Help)
                    .help(t("この説明を表示します", "Print this help")),
            )
            .arg(
                Arg::new("lang")
                    .long("lang")
                    .value_name("ja|en")
                    .value_parser(PossibleValuesParser::new(["ja", "en"]))
                    .hide_possible_values(true)
                    .help(t("表示の言葉", "Language of messages")),
            )
    };
    let root = || {
        Arg::new("root").long("root").value_name("DIR").value_parser(clap::value_parser!(PathBuf)).help(t(
            "サイトのフォルダー（なければ、今いる所から上へ heartnet.yaml をさがします）",
            "The site's folder (default: where heartnet.yaml is, upwards from here)",
        ))
    };
    let as_of = || {
        Arg::new("as-of")
            .long("as-of")
            .value_name("DATE")
            .value_parser(move |text: &str| {
                Day::parse(text).ok_or(t(
                    "「2026-04-18」のように、年-月-日で書いてください",
                    "write year-month-day, such as 2026-04-18",
                ))
            })
            .help(t("サイトの「今日」（例: 2026-04-18）", "The site's today, such as 2026-04-18"))
    };
    let base_url = || {
        Arg::new("base-url").long("base-url").value_name("URL").help(t(
            "サイトのアドレス（heartnet.yaml の代わり）",
            "The site's address, instead of the one in heartnet.yaml",
        ))
    };
    let drafts = || {
        Arg::new("drafts")
            .long("drafts")
            .action(ArgAction::SetTrue)
            .help(t("下書き（draft）も入れます", "Include drafts"))
    };
    let kinds = || PossibleValuesParser::new(Kind::ALL.map(Kind::word));
    let kind = || {
        Arg::new("kind").value_name("KIND").required(true).value_parser(kinds()).help(t("記事の種類", "Kind of entry"))
    };
    base(
        "heartnet",
        t("事業所の商品・仕事・催しのサイトをつくります", "Builds catalog and event portals of welfare workshops"),
    )
    .version(env!("CARGO_PKG_VERSION"))
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommand_help_heading(t("命令", "Commands"))
    .subcommand_value_name(t("命令", "COMMAND"))
    .arg(
        Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version)
            .help(t("版を表示します", "Print the version")),
    )
    .subcommand(
        base("init", t("新しい小さなサイトをつくります", "Make a new, small, working site"))
            .arg(
                Arg::new("dir")
                    .value_name("DIR")
                    .required_unless_present("ci")
                    .value_parser(clap::value_parser!(PathBuf))
                    .help(t("つくるフォルダー（空か、まだないもの）", "The folder to make (empty or new)")),
            )
            .arg(
                Arg::new("ci")
                    .long("ci")
                    .value_name("NAME")
                    .action(ArgAction::Append)
                    .value_delimiter(',')
                    .value_parser(PossibleValuesParser::new(super::init::SERVICES.iter().map(|(name, _)| *name)))
                    .hide_possible_values(true)
                    .help(t(
                        "毎日ひとりでに公開するファイル（github gitlab forgejo cloudflare netlify。いくつでも）。今のサイトに足すこともできます",
                        "Files that publish every day (github gitlab forgejo cloudflare netlify, any of them); also for a site that is there",
                    )),
            )
            .arg(root()),
    )
    .subcommand(
        base("new", t("記事のひな型をつくります", "Make a commented entry to fill in"))
            .arg(kind())
            .arg(Arg::new("id").value_name("ID").required(true).help(t(
                "記事の id（半角の英小文字・数字・ハイフン）",
                "The entry's id (lower-case letters, digits, hyphens)",
            )))
            .arg(Arg::new("title").long("title").value_name("T").help(t("名前・題名", "Its name or title")))
            .arg(root()),
    )
    .subcommand(
        base(
            "check",
            t(
                "すべての記事を読み、問題を全部知らせます（何も書きません）",
                "Read everything and report every problem; write nothing",
            ),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("text|json|github|gitlab")
                .value_parser(PossibleValuesParser::new(["text", "json", "github", "gitlab"]))
                .hide_possible_values(true)
                .default_value("text")
                .hide_default_value(true)
                .help(t("表示の形", "How to print problems")),
        )
        .arg(
            Arg::new("strict")
                .long("strict")
                .action(ArgAction::SetTrue)
                .help(t("警告があっても失敗にします", "Fail on warnings as well")),
        )
        .arg(as_of())
        .arg(drafts())
        .arg(root()),
    )
    .subcommand(
        base("build", t("サイトを書き出します", "Write the site"))
            .arg(
                Arg::new("out")
                    .long("out")
                    .value_name("DIR")
                    .value_parser(clap::value_parser!(PathBuf))
                    .help(t("書き出すフォルダー（なければ public）", "Where to write (default: public)")),
            )
            .arg(base_url())
            .arg(as_of())
            .arg(drafts())
            .arg(
                Arg::new("no-images")
                    .long("no-images")
                    .action(ArgAction::SetTrue)
                    .help(t("写真を入れずに、早く書き出します（見てみるとき）", "Leave photos out, for a quick look")),
            )
            .arg(
                Arg::new("threads")
                    .long("threads")
                    .value_name("N")
                    .value_parser(number(lang, 1024))
                    .help(t("同時に使う数（なければ、あるだけ）", "Threads to use (default: all cores)")),
            )
            .arg(
                Arg::new("explain")
                    .long("explain")
                    .action(ArgAction::SetTrue)
                    .help(t("つくったページごとに、そのわけも表示します", "Say for each page rendered why")),
            )
            .arg(
                Arg::new("verbose")
                    .short('v')
                    .long("verbose")
                    .action(ArgAction::SetTrue)
                    .help(t("テンプレートごとの時間も表示します", "Print the time of each template as well")),
            )
            .arg(root()),
    )
    .subcommand(
        base("photos", t("写真を見なおします（使っていない・小さい・ぼけ・説明・同意の期限）", "Look through the photos: unused, small, blurred, without description, consent running out"))
            .arg(as_of())
            .arg(text_or_json(t("表示の形", "How to print")))
            .arg(root()),
    )
    .subcommand(
        base("serve", t("書きながら、この機械でサイトを見ます", "Show the site on this machine while working on it"))
            .arg(
                Arg::new("port")
                    .long("port")
                    .value_name("N")
                    .value_parser(number(lang, u16::MAX))
                    .help(t("ポート（なければ 8000 から、空いているもの）", "Port (default: the first free one from 8000)")),
            )
            .arg(base_url())
            .arg(as_of())
            .arg(drafts())
            .arg(Arg::new("poll").long("poll").action(ArgAction::SetTrue).help(t(
                "変更を、くり返し見にいきます（共有フォルダーなどで、変えても出てこないとき）",
                "Look for changes again and again, where the system does not tell (network drives)",
            )))
            .arg(root()),
    )
    .subcommand(deploy(base("deploy", t("書き出したサイトを公開します", "Publish the built site")), lang, t).arg(root()))
    .subcommand(order(
        &base,
        t("届いた注文を読み、事業所への割り振りを考えます（窓口用）", "Read orders that came in, and split them among makers (for the desk)"),
        t,
    ))
    .subcommand(
        base("schema", t("記事の項目の JSON Schema を表示します", "Print the JSON Schema of an entry")).arg(kind()),
    )
    .subcommand(
        base("schedule", t("日程の書き方が、どう読まれるかを試します", "Show how the text of a schedule is read"))
            .arg(Arg::new("text").value_name("TEXT").required(true).num_args(1..).help(t(
                "日程（例: \"7月17(木)～18日(金)\"）。いくつでも書けます",
                "The schedule, such as \"7月17(木)～18日(金)\"; any number of them",
            )))
            .arg(
                Arg::new("fiscal-year")
                    .long("fiscal-year")
                    .value_name("YEAR")
                    .value_parser(move |text: &str| {
                        parse_fiscal_year(text)
                            .ok_or(t("「2026」か「令和8」のように書いてください", "write 2026 or 令和8"))
                    })
                    .help(t("年のない日程を読む年度（例: 2026、令和8）", "The fiscal year of dates without one")),
            )
            .arg(text_or_json(t("表示の形", "How to print the reading"))),
    )
    .subcommand(
        base(
            "explain",
            t("番号（HN0201 など）の意味と直し方を表示します", "Explain a problem by its code, such as HN0201"),
        )
        .arg(Arg::new("code").value_name("CODE").required(true).help(t("番号", "The code"))),
    )
    .subcommand(
        base("completions", t("シェルの補完の設定を表示します", "Print completions for a shell")).arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(PossibleValuesParser::new(["bash", "zsh", "fish", "powershell", "elvish"]))
                .help(t("シェルの名前", "The shell")),
        ),
    )
}

/// What `order` may be told.
fn order(
    base: &impl Fn(&'static str, &'static str) -> Command,
    about: &'static str,
    t: impl Fn(&'static str, &'static str) -> &'static str + Copy + Send + Sync + 'static,
) -> Command {
    let words = || {
        Arg::new("order").value_name("ORDER").required(true).num_args(1..).help(t(
            "届いたもの: QR コードの文字、メールの文、ページで保存した Excel・CSV・JSON のファイル。- なら標準入力",
            "what came in: texts of QR codes, of a mail, a file (xlsx, csv, json, txt), or - for stdin",
        ))
    };
    let format = || text_or_json(t("表示の形", "How to print it"));
    let root = || {
        Arg::new("root")
            .long("root")
            .value_name("DIR")
            .value_parser(clap::value_parser!(PathBuf))
            .help(t("サイトのフォルダー", "The site's folder"))
    };
    let path = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).value_parser(clap::value_parser!(PathBuf)).help(help)
    };
    base("order", about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            base("read", t("届いた注文を読みます", "Read an order that came in"))
                .args([words(), root(), format()])
                .arg(path(
                    "out",
                    "FILE.xlsx",
                    t("受け取り先ごとの表を、Excel に書きます", "Write a sheet for each receiver"),
                )),
        )
        .subcommand(
            base("allocate", t("つくる事業所に割り振る案をつくります", "Propose how to split it among makers"))
                .args([words(), root(), format()])
                .arg(path(
                    "history",
                    "FILE",
                    t(
                        "今年度、どの事業所がいくつ受けたかの表（CSV か Excel）",
                        "What each got this year (CSV or Excel)",
                    ),
                ))
                .arg(
                    Arg::new("by")
                        .long("by")
                        .value_name("DATE")
                        .value_parser(move |text: &str| {
                            Day::parse(text).ok_or(t("「2026-12-20」のように書いてください", "write it as 2026-12-20"))
                        })
                        .help(t("いつまでに（なければ注文の希望日）", "Until when (else as the order wishes)")),
                )
                .arg(
                    Arg::new("near")
                        .long("near")
                        .value_name("LAT,LON")
                        .allow_hyphen_values(true)
                        .value_parser(move |text: &str| {
                            place(text).ok_or(t("「36.39,139.06」のように書いてください", "write it as 36.39,139.06"))
                        })
                        .help(t(
                            "お届け先（なければ、住所の市町村のあたり）",
                            "Where it goes (else by the municipality of the address)",
                        )),
                ),
        )
}

/// `36.39,139.06`
fn place(text: &str) -> Option<Geo> {
    let (lat, lon) = text.split_once(',')?;
    let (lat, lon): (f64, f64) = (lat.trim().parse().ok()?, lon.trim().parse().ok()?);
    ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon)).then_some(Geo { lat, lon })
}

/// What `deploy` may be told.
fn deploy(
    command: Command,
    lang: Lang,
    t: impl Fn(&'static str, &'static str) -> &'static str + Copy + Send + Sync + 'static,
) -> Command {
    let flag = |name: &'static str, ja, en| Arg::new(name).long(name).action(ArgAction::SetTrue).help(t(ja, en));
    command
        .arg(Arg::new("words").value_name(t("公開先", "TARGET")).num_args(0..=3).help(t(
            "heartnet.yaml の deploy にある名前（ひとつだけなら要りません）。前に status（いまのようす）・rollback（前の公開にもどす）・adopt（いまあるファイルを引きつぐ）・unlock（止まった公開の札を外す）を書けます",
            "a name below deploy in heartnet.yaml; in front of it may stand status, rollback, adopt or unlock",
        )))
        .arg(
            Arg::new("dry-run")
                .long("dry-run")
                .value_name("json")
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("text")
                .value_parser(PossibleValuesParser::new(["text", "json"]))
                .hide_possible_values(true)
                .help(t("何をするかを表示するだけで、何も変えません", "Show what would be done and change nothing")),
        )
        .arg(flag("yes", "たずねずに公開します", "Do not ask"))
        .arg(
            Arg::new("max-delete")
                .long("max-delete")
                .value_name("N")
                .value_parser(move |text: &str| {
                    Limit::parse(text).ok_or(t("「30」か「20%」のように書いてください", "write a number, or such as 20%"))
                })
                .help(t("消してよい数（例: 30、20%）", "How many files may be deleted, such as 30 or 20%")),
        )
        .arg(
            Arg::new("jobs")
                .long("jobs")
                .value_name("N")
                .value_parser(number(lang, 64))
                .help(t("同時につなぐ数（少なくするとき）", "Connections at once, to use fewer")),
        )
        .arg(
            Arg::new("verify")
                .long("verify")
                .value_name("size|http|full")
                .value_parser(PossibleValuesParser::new(["size", "http", "full"]))
                .hide_possible_values(true)
                .default_value("size")
                .hide_default_value(true)
                .help(t(
                    "公開したあとに確かめること（size: 大きさ、http: ページを開く、full: 全部のファイルも）",
                    "What to check afterwards: sizes, pages over HTTP, every file as well",
                )),
        )
        .arg(
            Arg::new("out")
                .long("out")
                .value_name("DIR")
                .value_parser(clap::value_parser!(PathBuf))
                .help(t("書き出してあるフォルダー（なければ public）", "Where the built site is (default: public)")),
        )
        .arg(Arg::new("verbose").short('v').long("verbose").action(ArgAction::SetTrue).help(t(
            "ファイルごとに、わけも表示します",
            "Print each file with the reason",
        )))
}

/// clap words the usage line in English whatever else it is told.
fn help(error: &clap::Error, lang: Lang) -> String {
    let text = error.to_string();
    let text = text.trim_end();
    match lang {
        Lang::Ja => text.replace("[OPTIONS]", "[指定]"),
        Lang::En => text.to_owned(),
    }
}

/// Tells why the command line cannot be used. Help and version are no faults.
pub(super) fn refuse(error: &clap::Error, terminal: &Terminal) -> Status {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            terminal.result(&help(error, terminal.lang));
            return Status::Done;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            terminal.note(&help(error, terminal.lang));
            return Status::Usage;
        }
        _ => {}
    }
    let text = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        _ => String::new(),
    };
    let argument = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    let valid = text(ContextKind::ValidValue);
    let (ja, en) = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let word = text(ContextKind::InvalidSubcommand);
            let app = command(terminal.lang);
            let names: Vec<&str> = app.get_subcommands().map(Command::get_name).collect();
            let (hint, hint_en) = meant(&word, names.iter().copied());
            let all = names.join(" ");
            (
                format!("「{word}」という命令はありません。{hint}使える命令: {all}"),
                format!("there is no command `{word}`. {hint_en}commands: {all}"),
            )
        }
        ErrorKind::UnknownArgument => (
            format!("「{argument}」という指定はありません。「heartnet --help」で使い方を表示します。"),
            format!("there is no option `{argument}`; see `heartnet --help`"),
        ),
        ErrorKind::MissingRequiredArgument => (format!("指定が足りません: {argument}"), format!("missing: {argument}")),
        ErrorKind::InvalidValue if value.is_empty() => {
            (format!("「{argument}」の値がありません。"), format!("{argument} needs a value"))
        }
        ErrorKind::InvalidValue => (
            format!("「{argument}」に「{value}」は使えません。使えるもの: {valid}"),
            format!("{argument} may not be `{value}`; use one of: {valid}"),
        ),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            (
                format!("「{argument}」の「{value}」を読めません。{why}"),
                format!("{argument}: `{value}` cannot be read: {why}"),
            )
        }
        _ => {
            let said = error.to_string();
            (format!("指定を読めません: {said}"), said)
        }
    };
    terminal.note(&say(terminal.lang, ja, en));
    Status::Usage
}

/// Prints completions for a shell.
pub(super) fn completions(matches: &ArgMatches, terminal: &Terminal) -> Status {
    let name = matches.get_one::<String>("shell").map_or("", String::as_str);
    let Ok(shell) = name.parse::<clap_complete::Shell>() else { return Status::Usage };
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut command(terminal.lang), "heartnet", &mut out);
    terminal.result(String::from_utf8_lossy(&out).trim_end());
    Status::Done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound_in_both_languages() {
        command(Lang::Ja).debug_assert();
        command(Lang::En).debug_assert();
    }

    #[test]
    fn the_language_is_the_flags_then_the_environments() {
        let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let none = |_: &str| None;
        let english = |name: &str| (name == "LANG").then(|| "en_US.UTF-8".to_owned());
        assert_eq!(language(&words(&["heartnet"]), none), Lang::Ja);
        assert_eq!(language(&words(&["heartnet"]), english), Lang::En);
        assert_eq!(language(&words(&["heartnet", "--lang=ja"]), english), Lang::Ja);
        assert_eq!(language(&words(&["heartnet", "check", "--lang", "en"]), none), Lang::En);
    }
}
