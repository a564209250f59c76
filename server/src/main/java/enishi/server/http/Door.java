package enishi.server.http;

import enishi.access.Identity;
import enishi.access.Secret;
import enishi.server.api.Problem;
import enishi.server.api.Refusal;
import enishi.server.store.StoreException;
import enishi.server.store.TooManyFlowsException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.NotFoundException;
import io.helidon.http.SetCookie;
import io.helidon.http.Status;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Optional;

/** Stands before every route: who asks is known, or nothing is answered; errors leave as one sentence. */
public final class Door {
    private static final System.Logger LOG = System.getLogger(Door.class.getName());
    private static final String COOKIE = "enishi";
    private static final String BEARER = "Bearer ";

    /** As RFC 9110, section 15.5.21 calls it. */
    private static final Status UNPROCESSABLE_CONTENT_422 = Status.create(422, "Unprocessable Content");

    private final Secret secret;
    private final PageKey pageKey;
    private final boolean tls;

    public Door(Secret secret, PageKey pageKey, boolean tls) {
        this.secret = secret;
        this.pageKey = pageKey;
        this.tls = tls;
    }

    /** Puts the door before a routing. */
    public void guard(HttpRouting.Builder routing) {
        routing.addFilter(this::pass)
                .error(
                        Refusal.class,
                        (request, response, refusal) -> Problem.send(response, refusal.status(), refusal.reason()))
                .error(
                        TooManyFlowsException.class,
                        (request, response, refusal) ->
                                Problem.send(response, UNPROCESSABLE_CONTENT_422, String.valueOf(refusal.getMessage())))
                .error(StoreException.class, (request, response, failure) -> {
                    LOG.log(Level.ERROR, failure.getMessage());
                    response.header(HeaderNames.RETRY_AFTER, "5");
                    Problem.send(response, Status.SERVICE_UNAVAILABLE_503, String.valueOf(failure.getMessage()));
                })
                .error(Throwable.class, Door::bug);
    }

    private static void bug(ServerRequest request, ServerResponse response, Throwable failure) {
        if (failure instanceof NotFoundException) {
            nothing(request.prologue(), response);
            return;
        }
        if (failure instanceof HttpException http) {
            String asked =
                    request.prologue().method().text() + " " + request.path().path();
            Problem.send(
                    response,
                    http.status(),
                    asked + " was not answered: " + http.status().reasonPhrase().toLowerCase(Locale.ROOT));
            return;
        }
        LOG.log(Level.ERROR, "answering " + request.path().path() + " failed", failure);
        Problem.send(response, Status.INTERNAL_SERVER_ERROR_500, "the server failed to answer; its log says why");
    }

    private void pass(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        response.header(HeaderNames.create("Content-Security-Policy"), "default-src 'self'; frame-ancestors 'none'")
                .header(HeaderNames.create("X-Content-Type-Options"), "nosniff")
                .header(HeaderNames.create("Referrer-Policy"), "no-referrer");
        Optional<String> key =
                request.query().contains("key") ? Optional.of(request.query().get("key")) : Optional.empty();
        if (key.isPresent() && request.path().path().equals("/")) {
            exchange(key.get(), response);
            return;
        }
        Optional<Identity> identity = identity(request);
        if (identity.isEmpty()) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
            Problem.send(
                    response,
                    Status.UNAUTHORIZED_401,
                    "this needs a token of this server: send it as"
                            + " 'Authorization: Bearer TOKEN', or open the page by the address 'enishi up' prints");
            return;
        }
        request.context().register(identity.get());
        chain.proceed();
        if (!response.isSent()) {
            nothing(request.prologue(), response);
        }
    }

    /** Questions are asked by GET, and nothing else is answered; who takes reports says so himself. */
    private static void nothing(HttpPrologue asked, ServerResponse response) {
        String path = asked.uriPath().path();
        if (asked.method().equals(Method.GET) || asked.method().equals(Method.HEAD)) {
            Problem.send(response, Status.NOT_FOUND_404, "there is nothing at " + path);
            return;
        }
        response.header(HeaderNames.ALLOW, "GET");
        Problem.send(
                response,
                Status.METHOD_NOT_ALLOWED_405,
                "nothing at " + path + " takes " + asked.method().text() + "; questions are asked by GET");
    }

    private void exchange(String key, RoutingResponse response) {
        Optional<String> cookie = pageKey.exchange(key);
        if (cookie.isEmpty()) {
            Problem.send(
                    response,
                    Status.UNAUTHORIZED_401,
                    "this key was used before; a fresh one stands in server.url in the server's state folder");
            return;
        }
        response.headers()
                .addCookie(SetCookie.builder(COOKIE, cookie.get())
                        .path("/")
                        .httpOnly(true)
                        .secure(tls)
                        .sameSite(SetCookie.SameSite.STRICT)
                        .build());
        response.status(Status.SEE_OTHER_303).header(HeaderNames.LOCATION, "/").send();
    }

    private Optional<Identity> identity(RoutingRequest request) {
        Optional<String> authorization = request.headers().first(HeaderNames.AUTHORIZATION);
        if (authorization.isPresent()) {
            String header = authorization.get();
            return header.startsWith(BEARER) ? secret.check(header.substring(BEARER.length())) : Optional.empty();
        }
        boolean known = request.headers().cookies().contains(COOKIE)
                && pageKey.knows(request.headers().cookies().get(COOKIE));
        return known ? Optional.of(new Identity.Viewer()) : Optional.empty();
    }
}
