//! Where one statement ends and the next begins.

use core::ops::Range;

use super::lexer::{LexError, Lexer};
use super::token::{Kind, Token};
use crate::server::Server;

/// How many words of a statement may stand before what it creates (`CREATE DEFINER = a@b TRIGGER`).
const HEAD: usize = 16;

/// One statement, or what stands after the last one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chunk {
    /// The comments before it.
    pub before: Vec<Token>,
    /// The comments inside it.
    pub inside: Vec<Token>,
    /// Its tokens, without comments and without what ended it. Empty after the last statement.
    pub tokens: Vec<Token>,
}

impl Chunk {
    /// From its first token to its last.
    pub fn span(&self) -> Range<usize> {
        let comments = self.before.first().map_or(0, |token| token.start);
        let start = self.tokens.first().map_or(comments, |token| token.start);
        start..self.tokens.last().map_or(start, |token| token.end)
    }
}

/// The statements of a text, in order.
#[derive(Debug, Clone)]
pub struct Split<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    postgres: bool,
    delimiter: &'a str,
    over: bool,
}

impl<'a> Split<'a> {
    /// Cuts as the client of this server does.
    pub const fn new(text: &'a str, server: Server) -> Self {
        let lexer = Lexer::new(text, server);
        Self { text, lexer, postgres: server.is_postgres(), delimiter: ";", over: false }
    }

    fn chunk(&mut self) -> Result<Option<Chunk>, LexError> {
        let mut chunk = Chunk::default();
        let mut body = Body::default();
        loop {
            if !body.is_open() && self.eat_delimiter() {
                if !chunk.tokens.is_empty() {
                    self.skip_data(&chunk);
                    return Ok(Some(chunk));
                }
                continue;
            }
            let Some(token) = self.token()? else {
                self.over = true;
                let is_empty = chunk.tokens.is_empty() && chunk.before.is_empty();
                return Ok((!is_empty).then_some(chunk));
            };
            match (token.is_comment(), chunk.tokens.is_empty()) {
                (true, true) => chunk.before.push(token),
                (true, false) => chunk.inside.push(token),
                (false, true) if self.is_command(token) => {
                    if let Some(meta) = self.command(token) {
                        chunk.tokens.push(meta);
                        return Ok(Some(chunk));
                    }
                }
                (false, _) => {
                    body.see(token, token.text(self.text), self.postgres, chunk.tokens.len());
                    chunk.tokens.push(token);
                }
            }
        }
    }

    /// Skips space and, if there is one, the delimiter.
    fn eat_delimiter(&mut self) -> bool {
        self.lexer.skip_unseen();
        let found = self.lexer.rest().starts_with(self.delimiter);
        if found {
            self.lexer.go_to(self.lexer.at() + self.delimiter.len());
        }
        found
    }

    /// The next token. A dollar is a letter to MySQL, so a word may hide a delimiter (`END$$`).
    fn token(&mut self) -> Result<Option<Token>, LexError> {
        let Some(mut token) = self.lexer.next()? else { return Ok(None) };
        if token.kind == Kind::Word
            && self.delimiter != ";"
            && let Some(at) = token.text(self.text).find(self.delimiter).filter(|at| *at > 0)
        {
            token.end = token.start + at;
            self.lexer.go_to(token.end);
        }
        Ok(Some(token))
    }

    /// Whether a statement that begins so is a command to the client.
    fn is_command(&self, token: Token) -> bool {
        match token.kind {
            Kind::Symbol(b'\\') => true,
            Kind::Word => !self.postgres && token.text(self.text).eq_ignore_ascii_case("DELIMITER"),
            _ => false,
        }
    }

    /// Reads a command to the client to the end of its line; `DELIMITER` is obeyed at once.
    fn command(&mut self, token: Token) -> Option<Token> {
        let rest = self.text.get(token.start..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default();
        let end = token.start + line.len();
        self.lexer.go_to(end);
        if token.kind != Kind::Word {
            return Some(Token { kind: Kind::Meta, start: token.start, end });
        }
        let delimiter = line.get("DELIMITER".len()..).unwrap_or_default().trim();
        self.delimiter = if delimiter.is_empty() { ";" } else { delimiter };
        None
    }

    /// Skips the rows after `COPY ... FROM STDIN`, which are no SQL.
    fn skip_data(&mut self, chunk: &Chunk) {
        let is = |token: &Token, word: &str| token.text(self.text).eq_ignore_ascii_case(word);
        let copies = self.postgres && chunk.tokens.first().is_some_and(|first| is(first, "COPY"));
        let from_stdin = |pair: &[Token]| matches!(pair, [from, stdin] if is(from, "FROM") && is(stdin, "STDIN"));
        if copies && chunk.tokens.windows(2).any(from_stdin) {
            let rest = self.lexer.rest();
            let end = rest.find("\n\\.").map_or(rest.len(), |at| at + "\n\\.".len());
            self.lexer.go_to(self.lexer.at() + end);
        }
    }
}

impl Iterator for Split<'_> {
    type Item = Result<Chunk, LexError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let chunk = self.chunk();
        self.over |= chunk.is_err();
        chunk.transpose()
    }
}

/// How many blocks of a routine's body are open; the delimiter does not end a statement in them.
#[derive(Debug, Default)]
struct Body {
    creates: bool,
    routine: bool,
    open: usize,
    last: Last,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Last {
    Begin,
    End,
    #[default]
    Other,
}

impl Body {
    const fn is_open(&self) -> bool {
        self.open > 0
    }

    fn see(&mut self, token: Token, text: &str, postgres: bool, at: usize) {
        if token.kind != Kind::Word {
            self.last = Last::Other;
            return;
        }
        let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        self.creates |= at == 0 && is(&["CREATE"]);
        self.routine |= self.creates
            && at < HEAD
            && is(&["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"]);
        if self.routine {
            self.count(is, postgres);
        }
    }

    fn count(&mut self, is: impl Fn(&[&str]) -> bool, postgres: bool) {
        let last = self.last;
        self.last = Last::Other;
        if is(&["BEGIN"]) {
            self.open += usize::from(!postgres);
            self.last = Last::Begin;
        } else if is(&["ATOMIC"]) && last == Last::Begin && postgres {
            self.open += 1;
        } else if self.is_open() && is(&["END"]) {
            self.open -= 1;
            self.last = Last::End;
        } else if last == Last::End && is(&["IF", "LOOP", "REPEAT", "WHILE", "FOR"]) {
            // These close what was never counted, so the block is still open.
            self.open += 1;
        } else if self.is_open() && is(&["CASE"]) && last != Last::End {
            self.open += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(server: &str, text: &str) -> Vec<String> {
        let server = server.parse().expect("known");
        let chunks = Split::new(text, server).map(|chunk| chunk.expect("ends"));
        let chunks = chunks.filter(|chunk| !chunk.tokens.is_empty());
        chunks.map(|chunk| text[chunk.span()].to_owned()).collect()
    }

    fn fails(server: &str, text: &str) -> LexError {
        let server = server.parse().expect("known");
        Split::new(text, server).find_map(Result::err).expect("does not end")
    }

    #[test]
    fn postgres_is_cut_as_psql_does() {
        let text =
            "select ';', $$;$$, $a$ ; $$ ; $a$, e'\\';', \"a;b\"; -- ;\n/* ; /* ; */ ; */ x;;";
        assert_eq!(cut("postgres@16", text).len(), 2);
        assert_eq!(cut("postgres@16", "select 'a\\'; select 2"), ["select 'a\\'", "select 2"]);
        let atomic = "create function f() returns int begin atomic select case when true then 1 \
                      end; select 2; end; select 3";
        assert_eq!(cut("postgres@16", atomic).len(), 2);
        assert_eq!(cut("postgres@16", "begin; select 1; end; select 2").len(), 4);
        let copy = "copy t from stdin;\n1;2\n';\n\\.\nselect 1;";
        assert_eq!(cut("postgres@16", copy), ["copy t from stdin", "select 1"]);
        assert_eq!(cut("postgres@16", "\\set a 'b\nselect 1"), ["\\set a 'b", "select 1"]);
        assert_eq!(cut("postgres@16", "select a#>b, $1, 1--2\n;x"), ["select a#>b, $1, 1", "x"]);
    }

    #[test]
    fn mysql_is_cut_as_its_client_does() {
        let text = "select ';', \"a;\\\"b\", `c;`; # ;\n-- ;\nselect 1--2; /* /* ; */ x;";
        assert_eq!(cut("mysql@8.0", text).len(), 3);
        let delimited = "DELIMITER $$\ncreate trigger a before insert on t for each row begin \
                         set @a = 1; end$$\nDELIMITER ;\nselect 1; select 2";
        assert_eq!(cut("mysql@8.0", delimited).len(), 3);
        let body = "create procedure p() begin if a then set @b = case when 1 then 2 end; end if; \
                    case a when 1 then select 1; end case; end; select 1";
        assert_eq!(cut("mysql@8.0", body).len(), 2);
    }

    #[test]
    fn executable_comments_are_read_where_they_are_executed() {
        let text = "/*!80000 drop table a; */ /*!90000 drop table b; */ /*M! drop table c; */ x";
        assert_eq!(cut("mysql@8.0.30", text), ["drop table a", "x"]);
        assert_eq!(cut("mariadb@10.6", text), ["drop table c", "x"]);
        assert_eq!(cut("mariadb@10.6", "/*!50600 a */; /*!100601 b */"), ["a"]);
    }

    #[test]
    fn what_never_ends_is_an_error_with_its_place() {
        for (server, text, at) in [
            ("postgres@16", "select 'a", 7),
            ("postgres@16", "select 1; /* /* */", 10),
            ("postgres@16", "x $a$ $b$", 2),
            ("postgres@16", "\"a", 0),
            ("mysql@8.0", "select 'a\\'", 7),
            ("mysql@8.0", "`a", 0),
            ("mysql@8.0", "/*!50000 x", 10),
        ] {
            assert_eq!(fails(server, text).at, at, "{text}");
        }
    }
}
