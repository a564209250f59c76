package enishi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
    @TempDir
    private Path folder;

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        StringWriter out = new StringWriter();
        assertThat(Main.commandLine("completion").setOut(new PrintWriter(out)).execute("completion"))
                .isZero();
        Path script = Files.writeString(folder.resolve("enishi"), out.toString());
        assertThat(candidates(script, "enishi", "dep"))
                .contains("dependencies", "dependents")
                .doesNotContain("hosts");
        assertThat(candidates(script, "enishi", "listeners", "--u")).contains("--unused", "--until");
        assertThat(candidates(script, "enishi", "agent", "st")).contains("status");
    }

    /** What bash would offer for the last word. */
    private String candidates(Path script, String... words) throws Exception {
        String line = "source '" + script + "'; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD="
                + (words.length - 1) + "; _complete_enishi; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("bash", "--norc", "-c", line)
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        return said;
    }
}
