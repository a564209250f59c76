package enishi.lab;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One {@code enishi up} on each rung for all test classes that ask for it; it ends after the last of them. */
final class SharedEnishi implements ParameterResolver {

    /** The installation, as JUnit keeps and closes it. */
    private record Installed(OpenFolder home, Enishi enishi) implements AutoCloseable {
        static Installed start(String... arguments) {
            try {
                OpenFolder home = OpenFolder.create();
                Installed installed = new Installed(home, new Enishi(home.path()));
                try {
                    installed.awaitPolls(arguments);
                    return installed;
                } catch (Exception | AssertionError e) {
                    installed.close();
                    throw e;
                }
            } catch (Exception e) {
                throw new IllegalStateException("cannot start the installation that tests share", e);
            }
        }

        private void awaitPolls(String... arguments) throws Exception {
            enishi.up(arguments);
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
        OnRung wanted = context.getRequiredTestClass().getAnnotation(OnRung.class);
        String[] arguments = wanted == null ? new String[0] : new String[] {"--rung", wanted.value()};
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedEnishi.class))
                .computeIfAbsent(List.of(arguments), key -> Installed.start(arguments), Installed.class)
                .enishi();
    }
}
