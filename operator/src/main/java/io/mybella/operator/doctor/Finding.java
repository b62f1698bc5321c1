package io.mybella.operator.doctor;

/**
 * What was found.
 *
 * @param check the name of the check that found it
 * @param subject what of the installation it is about, such as a service; may be empty
 * @param outcome how it is
 * @param result what was seen, in one sentence without secrets
 * @param advice what to do about it; empty where nothing is to be done
 */
public record Finding(String check, String subject, Outcome outcome, String result, String advice) {

  /** Findings of one check about one subject. */
  public record About(String check, String subject) {

    /** As it should be. */
    public Finding ok(String result) {
      return new Finding(check, subject, Outcome.OK, result, "");
    }

    /** Not looked at, and why. */
    public Finding skipped(String result) {
      return new Finding(check, subject, Outcome.SKIPPED, result, "");
    }

    /** It works, but something is to be done. */
    public Finding warning(String result, String advice) {
      return new Finding(check, subject, Outcome.WARNING, result, advice);
    }

    /** It does not work, and something is to be done. */
    public Finding failed(String result, String advice) {
      return new Finding(check, subject, Outcome.FAILED, result, advice);
    }
  }
}
