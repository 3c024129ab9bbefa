//! Which row of a view belongs to which: the view is the root, and below it are its actions, their requests, and what the
//! services behind them did.

use crate::clocks;
use crate::row::{Row, Sender};
use crate::trace::SpanId;
use std::collections::{HashMap, HashSet};

/// Gives the rows their parents and their order, leaves out those of other views, and brings the clocks of services and
/// page together. `root` is the view's own span, if it is known.
pub(crate) fn grow(rows: Vec<Row>, root: Option<&SpanId>) -> Vec<Row> {
    let tree = Tree::new(&rows, root);
    let kept: Vec<bool> = (0..rows.len()).map(|row| tree.is_of_view(row)).collect();
    let parents: Vec<_> = (0..rows.len()).map(|row| tree.shown_under(row).filter(|parent| kept[*parent])).collect();
    let shifts: Vec<_> = (0..rows.len()).map(|row| tree.shift(row, &parents)).collect();
    let root = tree.root;

    let mut sorted: Vec<_> = rows.into_iter().enumerate().filter(|(row, _)| kept[*row]).collect();
    for (row, it) in &mut sorted {
        it.start_ms += shifts[*row];
        it.shifted_ms = shifts[*row];
        if Some(*row) == root {
            it.kind = "view";
        }
    }
    sorted.sort_by(|(_, a), (_, b)| a.start_ms.total_cmp(&b.start_ms));
    let places: HashMap<_, _> = sorted.iter().enumerate().map(|(place, (row, _))| (*row, place)).collect();
    for (row, it) in &mut sorted {
        it.parent = parents[*row].and_then(|parent| places.get(&parent).copied());
    }
    sorted.into_iter().map(|(_, it)| it).collect()
}

/// Rows by their place among those that were read.
struct Tree<'a> {
    rows: &'a [Row],
    /// The row that each follows from: its parent, or else the request that was answered from it.
    above: Vec<Option<usize>>,
    root: Option<usize>,
    /// The spans that the view goes on from: those of the server that made its document.
    before_root: HashSet<usize>,
    /// The load of the document.
    navigation: Option<usize>,
}

impl<'a> Tree<'a> {
    fn new(rows: &'a [Row], root: Option<&SpanId>) -> Self {
        let by_span: HashMap<_, _> =
            rows.iter().enumerate().filter_map(|(row, it)| Some((it.span.as_ref()?, row))).collect();
        let requests = rows.iter().enumerate().filter(|(_, it)| it.kind == "request");
        let answers: HashMap<_, _> =
            requests.flat_map(|(row, it)| SpanId::links(&it.detail).map(move |link| (link, row))).collect();
        let root = root.and_then(|root| by_span.get(root)).copied();
        let parent = |it: &Row| SpanId::parent(&it.detail).and_then(|parent| by_span.get(&parent).copied());
        let above = |it: &Row| {
            let span = it.span.as_ref()?;
            parent(it).or_else(|| answers.get(span).copied())
        };
        let mut above: Vec<_> = rows.iter().map(above).collect();
        let mut before_root = HashSet::new();
        let mut next = root.and_then(|root| above[root].take());
        while let Some(row) = next.filter(|row| Some(*row) != root && before_root.insert(*row)) {
            next = parent(&rows[row]);
        }
        let navigation = rows.iter().position(|it| it.kind == "navigation");
        Self { rows, above, root, before_root, navigation }
    }

    /// A page from a cache has the trace that it was made in, and shares it with all others of that cache: what follows
    /// from their requests is not this view's.
    fn is_of_view(&self, row: usize) -> bool {
        let mut row = row;
        for _ in 0..self.rows.len() {
            let above = self.above[row];
            match (self.rows[row].sender, above) {
                (Sender::View, _) => return true,
                (Sender::OtherView, _) => return above.is_some_and(|above| self.rows[above].sender == Sender::View),
                (Sender::Service, Some(above)) => row = above,
                (Sender::Service, None) => return true,
            }
        }
        // Spans that are each other's parents.
        true
    }

    /// The row that it is shown under. Where the server's span is the view's parent, it is shown within the load that it
    /// answered: a page view begins with the page.
    fn shown_under(&self, row: usize) -> Option<usize> {
        if Some(row) == self.root {
            return None;
        }
        match self.above[row] {
            Some(above) if !self.is_in_circle(row) => Some(above),
            None if self.before_root.contains(&row) => self.navigation.or(self.root),
            _ => self.root,
        }
    }

    fn is_in_circle(&self, row: usize) -> bool {
        let mut next = self.above[row];
        for _ in 0..self.rows.len() {
            match next {
                Some(above) if above != row => next = self.above[above],
                _ => break,
            }
        }
        next == Some(row)
    }

    /// How far the row has to be moved for the topmost span of its service to lie within what the page saw of it.
    fn shift(&self, row: usize, parents: &[Option<usize>]) -> f64 {
        let mut row = row;
        while self.rows[row].sender == Sender::Service
            && let Some(parent) = parents[row]
        {
            let page = &self.rows[parent];
            if page.sender != Sender::Service {
                let is_request = page.kind == "request" || self.before_root.contains(&row);
                return if is_request { clocks::shift(&self.rows[row], page) } else { 0.0 };
            }
            row = parent;
        }
        0.0
    }
}

#[cfg(test)]
mod tests {
    use crate::clock;
    use crate::testing::{Bench, attribute, elsewhere, link, log, span, with};
    use crate::traced::{ACTION, ROOT, called, child, in_view, lasting, navigation, page, serve, served};
    use opentelemetry_proto::tonic::logs::v1::LogRecord;
    use serde_json::{Value, json};

    /// Kind and label of each row, the label of its parent, and its start.
    async fn rows(bench: &Bench, view: &str) -> Vec<Value> {
        let view = bench.get(&format!("/api/views/{view}")).await.json();
        let rows = view["rows"].as_array().unwrap();
        let label = |row: &Value| row["parent"].as_u64().map(|place| rows[place as usize]["label"].clone());
        rows.iter().map(|row| json!([row["kind"], row["label"], label(row), row["start_ms"]])).collect()
    }

    #[tokio::test]
    async fn page_and_back_end_are_one_story() {
        let bench = Bench::new();
        let now = clock::now_ms() - 5000;
        let failure = LogRecord { trace_id: vec![7; 16], span_id: vec![ROOT; 8], ..log("exception", "p.3", now + 400) };
        bench.beacon("b", vec![navigation(7, ROOT, now), failure], page(now)).await;
        let server = served("POST /api/items", child(3, lasting(now + 150, now + 300, span(7, 4, now))));
        serve(
            &bench,
            "shop-api",
            vec![server, served("INSERT item", child(4, lasting(now + 160, now + 200, span(7, 5, now))))],
        )
        .await;
        serve(&bench, "mail", vec![served("lost", child(99, span(7, 6, now + 900))), served("other", span(8, 6, now))])
            .await;
        let expected = json!([
            ["event", "browser.navigation", "load /cart", 0.0],
            ["view", "load /cart", null, 0.0],
            ["action", "click #pay", "load /cart", 100.0],
            ["request", "POST https://api.example/items", "click #pay", 120.0],
            ["span", "POST /api/items", "POST https://api.example/items", 150.0],
            ["span", "INSERT item", "POST /api/items", 160.0],
            ["error", "", "load /cart", 400.0],
            ["span", "lost", "load /cart", 900.0],
        ]);
        assert_eq!(json!(rows(&bench, "view").await), expected);
        let view = bench.get("/api/views/view").await.json();
        assert_eq!(view["span"], json!({"trace_id": "07".repeat(16), "span_id": "01".repeat(8)}));
        let senders: Vec<_> = [3, 4, 7].map(|row: usize| view["rows"][row]["service"].clone()).to_vec();
        assert_eq!(senders, [json!(null), json!("shop-api"), json!("mail")]);
        assert_eq!(view["rows"][4]["detail"]["span.kind"], "server");
        // Requests are what the page asked for, not all of its spans.
        let overview = bench.get("/api/overview").await.json();
        assert_eq!(
            (&overview["views"][0]["requests"], &overview["views"][0]["failed_requests"]),
            (&json!(1), &json!(0))
        );
    }

    #[tokio::test]
    async fn a_span_of_another_trace_belongs_to_the_request_that_links_to_it() {
        let bench = Bench::new();
        let now = clock::now_ms() - 5000;
        let mut spans = page(now);
        spans[2].links = vec![link(9, 4)];
        bench.beacon("b", vec![navigation(7, ROOT, now)], spans).await;
        let server = served("POST /items", child(50, lasting(now + 150, now + 300, span(9, 4, now))));
        serve(
            &bench,
            "shop-api",
            vec![server, served("INSERT", child(4, lasting(now + 160, now + 170, span(9, 5, now))))],
        )
        .await;
        let rows = rows(&bench, "view").await;
        assert_eq!(rows[4], json!(["span", "POST /items", "POST https://api.example/items", 150.0]));
        assert_eq!(rows[5], json!(["span", "INSERT", "POST /items", 160.0]));
    }

    #[tokio::test]
    async fn the_server_that_made_the_document_stands_within_its_load() {
        let bench = Bench::new();
        let now = clock::now_ms() - 5000;
        let mut spans = page(now);
        spans[0] = child(41, spans[0].clone());
        let load = with(
            log("browser.navigation_timing", "p.5", now),
            [
                attribute("url.full", "https://shop.example/cart"),
                attribute("browser.resource_timing.request_start", 20i64),
                attribute("browser.resource_timing.response_end", 80i64),
            ],
        );
        bench.beacon("b", vec![navigation(7, ROOT, now), load], spans).await;
        // Its clock is an hour fast.
        let at = now + 3_600_000;
        let server = served("GET /cart", child(40, lasting(at, at + 40, span(7, 41, now))));
        let edge = served("edge", lasting(at - 5, at + 45, span(7, 40, now)));
        serve(&bench, "shop-web", vec![edge, server]).await;
        let rows = rows(&bench, "view").await;
        let at = |label: &str| rows.iter().find(|row| row[1] == label).unwrap().clone();
        assert_eq!(at("edge"), json!(["span", "edge", "https://shop.example/cart", 25.0]));
        assert_eq!(at("GET /cart"), json!(["span", "GET /cart", "edge", 30.0]));
        assert_eq!(at("load /cart")[2], Value::Null);
    }

    #[tokio::test]
    async fn pages_that_share_a_trace_are_told_apart() {
        let bench = Bench::new();
        let now = clock::now_ms() - 5000;
        let other = |id: u8, parent: u8| in_view("other", child(parent, called("GET /b", 3, span(7, id, now + 10))));
        let mut spans = page(now);
        spans[0] = child(41, spans[0].clone());
        spans.extend([
            in_view("other", child(41, called("load /cart", 1, span(7, 21, now)))),
            other(22, 21),
            other(23, ACTION),
        ]);
        let second = elsewhere(navigation(7, 21, now), "other", "/cart");
        bench.beacon("b", vec![navigation(7, ROOT, now), second], spans).await;
        let served = |id: u8, parent: u8| served(&format!("of {parent}"), child(parent, span(7, id, now + 20)));
        serve(&bench, "shop-web", vec![served(41, 0), served(32, 22), served(33, 23), served(34, 3)]).await;
        let labels = async |view: &str| {
            rows(&bench, view).await.into_iter().map(|row| row[1].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let first = labels("view").await;
        // A request that followed from this view's action is its own, wherever it ended.
        for (label, of_first) in [("of 0", true), ("of 3", true), ("of 23", true), ("of 22", false)] {
            assert_eq!(first.iter().any(|other| other == label), of_first, "{label} {first:?}");
        }
        assert!(labels("other").await.contains(&"of 22".to_owned()));
    }

    #[tokio::test]
    async fn spans_that_are_each_others_parents_are_shown_below_the_view() {
        let bench = Bench::new();
        let now = clock::now_ms() - 5000;
        bench.beacon("b", vec![navigation(7, ROOT, now)], page(now)).await;
        let served = |id: u8, parent: u8| served(&id.to_string(), child(parent, span(7, id, now + 20)));
        serve(&bench, "shop-api", vec![served(31, 32), served(32, 31), served(33, 33), served(34, 31)]).await;
        let rows = rows(&bench, "view").await;
        let parent = |label: &str| rows.iter().find(|row| row[1] == label).unwrap()[2].clone();
        assert_eq!(
            [parent("31"), parent("32"), parent("33"), parent("34")],
            ["load /cart", "load /cart", "load /cart", "31"]
        );
    }
}
