package enishi.agent.capture;

import enishi.model.Rung;

/** Whether a rung can be had on this host, tried rather than guessed from the kernel's version. */
public record Probe(Rung rung, Outcome outcome) {

    /** The three outcomes of trying. Only the first two are conclusive. */
    public sealed interface Outcome {

        /** The rung can be had. */
        record Supported() implements Outcome {}

        /**
         * The rung cannot be had.
         *
         * @param because what is missing and what would bring it
         */
        record Unsupported(String because) implements Outcome {}

        /**
         * The attempt itself failed for another cause.
         *
         * @param because what went wrong
         */
        record CouldNotTell(String because) implements Outcome {}
    }
}
