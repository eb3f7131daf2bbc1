namespace LivingCity.Gateway.Portal.Design;

/// <summary>What a badge or a notice means. The text says it too: colour never speaks alone.</summary>
public enum Tone
{
    Neutral,
    Good,
    Caution,
    Bad,
}
