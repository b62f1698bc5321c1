package io.mybella.chat.offline;

import java.util.Arrays;
import java.util.regex.Pattern;

/** What somebody wants by a message, as far as English words tell; the first that fits counts. */
enum Intent {
  /** Danger to life: nothing else matters then. */
  CRISIS("\\b(kill myself|suicid\\w*|end my life|want to die|self[- ]?harm|hurt myself)\\b"),
  /** Asks what is answering. */
  HONESTY(
      "\\bare you (really |even |just |actually )?(real|human|alive|an? (ai|bot|robot|machine"
          + "|person|human|program|language model|computer)|ai|online|offline|chatgpt)\\b"
          + "|\\b(what|which) (model|engine|ai|llm)\\b|\\blanguage model\\b|\\bchatgpt\\b"),
  /** Asks who the persona is. */
  IDENTITY(
      "\\b(who|what) are you\\b|\\bwhat('?s| is) your name\\b|\\babout yourself\\b"
          + "|\\bintroduce yourself\\b"),
  /** Asks for the name it told. */
  MY_NAME(
      "\\bwhat('?s| is| was) my name\\b|\\b(know|remember|recall) my name\\b|\\bwho am i\\b"
          + "|\\bremember me\\b"),
  /** Asks what was said before. */
  RECALL(
      "\\bwhat (did|have) i (just |already )?(say|said|tell|told|ask|asked|mention|mentioned)\\b"
          + "|\\bwhat (did|have|were|was) we (talk|been talking|speak|spoken|discuss)"
          + "|\\bremember what\\b|\\bwhat do you (remember|know) about me\\b"),
  /** Tells its name. */
  INTRODUCTION("\\bmy name('?s| is)\\b|\\bcall me\\b|^\\W*(hi|hello|hey)\\W+i('| a)m \\w+\\W*$"),
  /** Asks how the persona is. */
  HOW_ARE_YOU(
      "\\bhow (are|have) you\\b|\\bhow('?s| is) it going\\b|\\bhow do you feel\\b|\\bhow('?s| is)"
          + " your day\\b"),
  /** Takes leave. */
  FAREWELL(
      "\\b(good ?bye|bye|good night|see you( later| soon| tomorrow)?|talk to you later|gotta go"
          + "|have to go now)\\W*$"),
  /** Gives thanks. */
  THANKS("\\b(thanks|thank you|thx)\\b"),
  /** Is not well. */
  SAD(
      "\\b(sad|lonely|alone|depress\\w*|anxious|anxiety|worried|afraid|scared|tired|exhausted"
          + "|stress\\w*|upset|cry|crying|cried|heartbroken|overwhelmed|failed|bad day|awful"
          + "|terrible|angry|died|not (feeling )?(well|good|ok|okay))\\b"),
  /** Is well. */
  GLAD(
      "\\b(happy|glad|excited|proud|wonderful|amazing|awesome|good news|great news|passed|won"
          + "|celebrat\\w*|finally)\\b"),
  /** Says hello and little else. */
  GREETING(
      "^\\W*(hi|hello|hey|hiya|yo|howdy|greetings|good (morning|evening|afternoon|day))\\b"
          + "(\\W+\\w+){0,2}\\W*$"),
  /** Asks anything else. */
  QUESTION(
      "\\?\\s*$|^\\W*(what|why|how|when|where|which|who|can you|could you|do you|would you)\\b"),
  /** Tells something. */
  STATEMENT("");

  private final Pattern words;

  Intent(String words) {
    this.words = Pattern.compile(words, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  static Intent of(String said) {
    // Typographic apostrophes are what telephones type.
    String plain = said.replace('\u2019', '\'');
    return Arrays.stream(values())
        .filter(intent -> intent.words.matcher(plain).find())
        .findFirst()
        .orElse(STATEMENT);
  }
}
