package enishi.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormatsTest {
    @Test
    void csvQuotesAndDefusesFormulas() {
        String lines = Samples.dependencies().stream().map(Formats::csv).collect(Collectors.joining());
        assertThat(lines.replace("\r\n", "\n")).isEqualTo("""
                web1,nginx,nginx,10.0.0.11,app1,appd,appd,10.0.0.21,8000,tcp,2026-11-20T11:10:00Z,2026-11-20T11:58:30Z,42,1,3,18230,,both,,,,,
                frontend-7c9f.prod.eu-west-1.example.org,gunicorn-worker,gunicorn-worker,10.0.0.12,db-primary-0.prod.eu-west-1.example.org,postgres,postgres,10.0.0.31,5432,tcp,2026-11-20T11:10:00Z,2026-11-20T11:58:30Z,42,1,3,18230,,both,,,,,
                web1,,,fd00::11,,,,2001:db8::53,53,tcp,2026-11-20T11:10:00Z,2026-11-20T11:58:30Z,42,1,3,18230,,client,,,,,
                ,,,192.0.2.7,京都の計算機一号機,データベース,データベース,10.0.0.41,5432,tcp,2026-11-20T11:10:00Z,2026-11-20T11:58:30Z,42,1,3,18230,,server,,,,,
                h,"'=ev\\x1b[2Jil,""\\u202e\\x0a\\x09","'=ev\\x1b[2Jil,""\\u202e\\x0a\\x09",10.0.0.13,h,a b\\\\c,a b\\\\c,10.0.0.14,,tcp,2026-11-20T11:10:00Z,2026-11-20T11:58:30Z,42,1,3,18230,,both,,,,,
                """);
        assertThat(lines.lines()).hasSize(Samples.dependencies().size());
    }

    @Test
    void everyCsvLineHasTheFieldsOfItsHeading() {
        int fields = Formats.CSV_HEADING.split(",", -1).length;
        assertThat(Formats.csv(Samples.dependencies().getFirst()).split(",", -1))
                .hasSize(fields);
    }

    /** A path may hold whatever a file name may: a space in it must not look like the next field. */
    @Test
    void overUnixThePathStandsForAddressAndPort() {
        assertThat(Formats.tuples(Samples.overUnix("/run/a b\n.sock")))
                .isEqualTo("* * /run/a\\x20b\\x0a.sock * 812 psql\n");
        assertThat(Formats.csv(Samples.overUnix("/run/s")))
                .contains(",,vm,postgres,postgres,,,unix,")
                .endsWith(",/run/s,,,,\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\uFF1D1", "\uFF0B1", "\uFF0D1", "\uFF201"})
    void aFormulaGetsASingleQuote(String formula) {
        assertThat(csvOfProgram(formula)).startsWith("h,'" + formula + ",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\t=1", "\r=1", "\n=1", "\u001B]0;x"})
    void noControlCharacterReachesAFile(String program) {
        assertThat(csvOfProgram(program)).startsWith("h,\\x").doesNotContain(program);
    }

    private static String csvOfProgram(String program) {
        return Formats.csv(Samples.dependency(
                Samples.client("h", program, "10.0.0.1"), Samples.server(null, null, "10.0.0.2", 1)));
    }

    @Test
    void tuplesAreThePapersSixWithALineForEachEndSeen() {
        String lines = Samples.dependencies().stream().map(Formats::tuples).collect(Collectors.joining());
        assertThat(lines).isEqualTo("""
                10.0.0.11 * 10.0.0.21 8000 812 nginx
                10.0.0.11 * 10.0.0.21 8000 77 appd
                10.0.0.12 * 10.0.0.31 5432 812 gunicorn-worker
                10.0.0.12 * 10.0.0.31 5432 77 postgres
                fd00::11 * 2001:db8::53 53 ? ?
                192.0.2.7 * 10.0.0.41 5432 77 データベース
                10.0.0.13 * 10.0.0.14 * 812 =ev\\x1b[2Jil,"\\u202e\\x0a\\x09
                10.0.0.13 * 10.0.0.14 * 77 a b\\\\c
                """);
    }
}
