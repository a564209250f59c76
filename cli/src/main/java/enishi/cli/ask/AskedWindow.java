package enishi.cli.ask;

import enishi.cli.output.Text;
import enishi.settings.ExitCode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The window asked about. */
final class AskedWindow {
    private static final Pattern AGO = Pattern.compile("\\d{1,6}[smhd]");

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "start: 2026-11-20T03:00, or so long ago, like 30m, 2h, 7d; default an hour before the end")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "end; default now")
    private @Nullable String until;

    @Option(names = "--at", paramLabel = "TIME", description = "one minute, instead of --since and --until")
    private @Nullable String at;

    /** As parameters of the question; a time without offset is this terminal's, not the server's. */
    Map<String, String> parameters(ZoneId zone) {
        Map<String, String> parameters = new TreeMap<>();
        put(parameters, "since", since, zone);
        put(parameters, "until", until, zone);
        put(parameters, "at", at, zone);
        return parameters;
    }

    private static void put(Map<String, String> parameters, String name, @Nullable String time, ZoneId zone) {
        if (time != null) {
            parameters.put(name, absolute(name, time, zone));
        }
    }

    /** A time, of one without offset where this terminal is. */
    static String absolute(String name, String time, ZoneId zone) {
        if (time.equals("now") || AGO.matcher(time).matches()) {
            return time;
        }
        try {
            if (!time.contains("T")) {
                return LocalDate.parse(time).atStartOfDay(zone).toInstant().toString();
            }
            boolean offset = time.endsWith("Z") || time.lastIndexOf('+') > 10 || time.lastIndexOf('-') > 10;
            return offset
                    ? OffsetDateTime.parse(time).toInstant().toString()
                    : LocalDateTime.parse(time).atZone(zone).toInstant().toString();
        } catch (DateTimeParseException e) {
            throw new Failure(
                    ExitCode.USAGE,
                    "--" + name + " '" + Text.safe(time)
                            + "' is no time: write 2026-11-20T03:00, 2026-11-20T03:00:00Z, 2026-11-20, 30m or 2h");
        }
    }
}
