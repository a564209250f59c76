package enishi.lab;

import java.io.IOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One {@code enishi up} for all test classes that ask for it; it ends after the last of them. */
final class SharedEnishi implements ParameterResolver {

    /** The installation, as JUnit keeps and closes it. */
    private record Installed(OpenFolder home, Enishi enishi) implements AutoCloseable {
        static Installed start() {
            try {
                OpenFolder home = OpenFolder.create();
                Installed installed = new Installed(home, new Enishi(home.path()));
                try {
                    installed.awaitPolls();
                    return installed;
                } catch (Exception | AssertionError e) {
                    installed.close();
                    throw e;
                }
            } catch (Exception e) {
                throw new IllegalStateException("cannot start the installation that tests share", e);
            }
        }

        private void awaitPolls() throws Exception {
            enishi.up("--rung", "sock_diag");
            Enishi.await(
                    "two polls of the agent",
                    () -> enishi.ask("agent", "status").matches("(?s).* seen in ([2-9]|\\d{2,}) polls.*"));
        }

        @Override
        public void close() throws IOException {
            try {
                enishi.down();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            home.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Enishi.class;
    }

    @Override
    public Enishi resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedEnishi.class))
                .computeIfAbsent("installed", key -> Installed.start(), Installed.class)
                .enishi();
    }
}
