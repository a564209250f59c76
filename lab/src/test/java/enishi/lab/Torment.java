package enishi.lab;

import enishi.answer.Dependency;
import java.util.List;

/** Something that happens to a host and to what watches it, while connections go on of which everything is known. */
interface Torment {
    String name();

    /** Lets it happen. @return what has to be true of everything kept, once all is settled */
    Aftermath happen(TortureRig rig) throws Exception;

    /** Judges what of the torment's own connections is kept. */
    interface Aftermath {
        /** Nothing more than that the load goes on. */
        Aftermath NONE = all -> List.of();

        /**
         * What is wrong, a sentence each.
         *
         * @param all dependencies and attempts
         */
        List<String> faults(List<Dependency> all);
    }
}
