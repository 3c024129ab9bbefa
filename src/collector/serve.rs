//! The collector on a socket: connections with a limit to their number and patience, and an end that loses nothing.

use crate::limits;
use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// What a connection is allowed.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// From the start of a connection, or from its last answer, to the end of the next request's headers.
    pub header_timeout: Duration,
    /// For the requests under way, once told to stop.
    pub shutdown_grace: Duration,
    /// Connections at once.
    pub connections: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            header_timeout: limits::HEADER_TIMEOUT,
            shutdown_grace: limits::SHUTDOWN_GRACE,
            connections: limits::CONNECTIONS,
        }
    }
}

/// Serves until `stop` is done; then accepts nothing more, and returns when the requests under way are answered.
pub async fn serve(listener: TcpListener, router: Router, bounds: Bounds, stop: impl Future<Output = ()>) {
    let open = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(bounds.connections));
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepting = async {
            // The semaphore is never closed, so there is always a place to wait for.
            let place = places.clone().acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            () = &mut stop => break,
            accepted = accepting => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let answering = answer(stream, router.clone(), bounds, &open);
                tokio::spawn(async move {
                    answering.await;
                    drop(place);
                });
            }
            // Out of file descriptors, or a client that left at once: neither is a reason to end, nor to spin.
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(bounds.shutdown_grace, open.shutdown()).await.is_err() {
        tracing::warn!("some connections were cut off");
    }
}

/// After a failed accept: long enough for a descriptor to come free.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

fn answer(
    stream: TcpStream,
    router: Router,
    bounds: Bounds,
    open: &GracefulShutdown,
) -> impl Future<Output = ()> + use<> {
    // Answers are small and whole; waiting for more to send with them would only make them late.
    stream.set_nodelay(true).ok();
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.header_timeout)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let watched = open.watch(connection);
    async move {
        if let Err(error) = watched.await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::net::SocketAddr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::{Notify, oneshot};
    use tokio::task::JoinHandle;

    struct Server {
        address: SocketAddr,
        stop: oneshot::Sender<()>,
        serving: JoinHandle<()>,
    }

    async fn server(router: Router, header_timeout: Duration) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let bounds = Bounds { header_timeout, ..Bounds::default() };
        let serving = tokio::spawn(serve(listener, router, bounds, async { drop(stopped.await) }));
        Server { address, stop, serving }
    }

    async fn sent(address: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    async fn rest(mut stream: TcpStream) -> String {
        let mut text = Vec::new();
        stream.read_to_end(&mut text).await.unwrap();
        String::from_utf8(text).unwrap()
    }

    #[tokio::test]
    async fn headers_that_do_not_end_and_idle_connections_are_cut() {
        let router = Router::new().route("/", get(|| async { "here" }));
        let server = server(router, Duration::from_millis(50)).await;
        let slow = rest(sent(server.address, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").await).await;
        assert!(!slow.contains("200 OK"), "{slow}");
        // Kept alive, this connection would never be at its end if it were not cut.
        let idle = rest(sent(server.address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").await).await;
        assert!(idle.starts_with("HTTP/1.1 200 OK") && idle.ends_with("here"), "{idle}");
    }

    #[tokio::test]
    async fn a_request_under_way_is_answered_after_the_stop() {
        let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (entering, leaving) = (entered.clone(), leave.clone());
        let router = Router::new().route(
            "/",
            get(async move || {
                entering.notify_one();
                leaving.notified().await;
                "answered"
            }),
        );
        let server = server(router, Duration::from_secs(60)).await;
        let stream = sent(server.address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
        entered.notified().await;
        server.stop.send(()).unwrap();
        // The socket is closed to newcomers before the request is answered.
        while TcpStream::connect(server.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        leave.notify_one();
        assert!(rest(stream).await.ends_with("answered"));
        server.serving.await.unwrap();
    }
}
