/**
 * REINFORCE++ (Hu et al. 2025): no critic and no groups. Each token's advantage is its return,
 * G_k = R_k + gamma G_{k+1} on the tokens the policy wrote, whitened over all of the batch's tokens.
 *
 * Its baseline form takes the group's mean from each episode's score before whitening.
 */
import { lessMean, perGroup, returnsToGo, whiten } from "../advantage";
import type { Algorithm } from "./algorithm";

export const reinforcePlusPlus: Algorithm = {
  ratio: "token",
  surrogate: "clip",
  critic: false,
  judge: (episodes, { gamma }) => ({
    advantages: whiten(
      episodes,
      episodes.map((episode) => returnsToGo(episode, gamma)),
    ),
  }),
};

export const reinforcePlusPlusBaseline: Algorithm = {
  ratio: "token",
  surrogate: "clip",
  critic: false,
  judge: (episodes) => ({ advantages: whiten(episodes, perGroup(episodes, lessMean)) }),
};
